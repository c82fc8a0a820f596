namespace Ctc.Hosting;

/// <summary>A plugin's DLL, as recorded with a run.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Version">The assembly's version.</param>
/// <param name="Sha256">The digest of its bytes, 64 lower-case hexadecimal digits.</param>
public sealed record PluginFile(string Path, string Version, string Sha256)
{
    /// <summary>Gets the name of the file without folder and extension.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);
}
