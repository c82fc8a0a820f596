namespace Ctc.Hosting;

/// <summary>What became of one candidate for a plugin: its parts, or why there are none.</summary>
/// <param name="Path">The DLL, or the folder in which none was found.</param>
/// <param name="File">The DLL's version and digest, where it could be read.</param>
/// <param name="Parts">What it exports; empty if there is a problem.</param>
/// <param name="Problem">The root cause in one sentence; null if all is well.</param>
public sealed record Plugin(string Path, PluginFile? File, IReadOnlyList<PartFactory> Parts, string? Problem)
{
    /// <summary>Gets the name of the DLL without its extension, or that of the folder.</summary>
    public string Name => Path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
        ? System.IO.Path.GetFileNameWithoutExtension(Path)
        : System.IO.Path.GetFileName(Path);

    /// <summary>Gets the names of files in its folder that are not used, because the host brings its own: the contract, TorchSharp, and what comes with it.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>Gets the native libraries that its code calls and that were found neither in its folder nor in the system. It may be code for another system.</summary>
    public IReadOnlyList<string> MissingLibraries => Missing?.Value ?? [];

    // They are looked for when asked: to know, those of the system are loaded.
    internal Lazy<IReadOnlyList<string>>? Missing { get; init; }
}
