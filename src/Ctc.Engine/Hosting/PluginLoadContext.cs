using System.Reflection;
using System.Runtime.Loader;

namespace Ctc.Engine.Hosting;

/// <summary>One plugin's own world: its private dependencies, and the contract of the host.</summary>
/// <remarks>
/// What appears in the contract must be the same assembly on both sides, or a plugin's types implement interfaces that only look like
/// ours. So those come from the host even where the plugin ships a copy.
/// </remarks>
internal sealed class PluginLoadContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    private static readonly string[] Shared =
    [
        typeof(IPart).Assembly.GetName().Name!, "TorchSharp", "System.Composition.AttributedModel",
        "SkiaSharp", "Google.Protobuf", "ICSharpCode.SharpZipLib",
    ];

    private readonly AssemblyDependencyResolver resolver = new(path);

    /// <summary>Loads the very bytes that were looked at, with symbols where they lie beside.</summary>
    public Assembly Load(byte[] bytes)
    {
        string symbols = Path.ChangeExtension(path, ".pdb");
        using var image = new MemoryStream(bytes);
        using MemoryStream? debug = File.Exists(symbols) ? new MemoryStream(File.ReadAllBytes(symbols)) : null;
        return LoadFromStream(image, debug);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (Shared.Contains(assemblyName.Name)) return null; // the host's
        return resolver.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;
}
