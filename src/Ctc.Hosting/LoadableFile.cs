namespace Ctc.Hosting;

/// <summary>A file in the folder of a plugin, besides its DLL, from which code can be loaded, or that determines which file is loaded.</summary>
/// <param name="Name">The path relative to the folder of the DLL, with forward slashes.</param>
/// <param name="Sha256">The digest of its bytes, 64 lower-case hexadecimal digits.</param>
public sealed record LoadableFile(string Name, string Sha256);
