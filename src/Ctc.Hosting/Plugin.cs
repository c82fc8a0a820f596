namespace Ctc.Hosting;

/// <summary>A candidate for a plugin: its parts, or the reason why it has none.</summary>
/// <param name="Path">The DLL, or a folder without a usable one.</param>
/// <param name="File">The DLL's version and digest; null if it could not be read.</param>
/// <param name="Parts">The exported parts; empty if there is a problem.</param>
/// <param name="Problem">The root cause in one sentence; null if there is none.</param>
public sealed record Plugin(string Path, PluginFile? File, IReadOnlyList<PartFactory> Parts, string? Problem)
{
    /// <summary>Gets the name of the DLL without its extension, or that of the folder.</summary>
    public string Name => Path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
        ? System.IO.Path.GetFileNameWithoutExtension(Path)
        : System.IO.Path.GetFileName(Path);

    /// <summary>
    /// Gets the names of files in its folder that are not used, because the host has its own: the contract, TorchSharp, and its dependencies.
    /// </summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>
    /// Gets the native libraries that its code calls and that are neither in its folder nor in the system. The code may be for another system.
    /// </summary>
    public IReadOnlyList<string> MissingLibraries => Missing?.Value ?? [];

    /// <summary>
    /// Gets the reasons why assemblies that it references cannot be loaded: missing, not allowed, or newer than the host's. The code that uses them
    /// fails; other code may work.
    /// </summary>
    public IReadOnlyList<string> MissingAssemblies => Unloadable?.Value ?? [];

    internal Lazy<IReadOnlyList<string>>? Unloadable { get; init; }

    // Computed lazily, because libraries of the system are loaded to test for them.
    internal Lazy<IReadOnlyList<string>>? Missing { get; init; }
}
