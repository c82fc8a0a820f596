using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Ctc.Hosting;

/// <summary>One plugin's own world: its private dependencies, and the contract of the host.</summary>
/// <remarks>
/// What appears in the contract must be the same assembly on both sides, or a plugin's types implement interfaces that only look like
/// ours. So those come from the host even where the plugin ships a copy.
/// </remarks>
internal sealed class PluginLoadContext : AssemblyLoadContext
{
    private static readonly string[] Shared =
    [
        typeof(IPart).Assembly.GetName().Name!, "TorchSharp", "System.Composition.AttributedModel",
        "SkiaSharp", "Google.Protobuf", "ICSharpCode.SharpZipLib",
    ];

    private readonly string path;
    private readonly IReadOnlyList<PluginAllowList> allowed;
    private readonly AssemblyDependencyResolver resolver;

    /// <summary>Looks at a plugin's dependencies. Nothing is loaded yet.</summary>
    /// <param name="path">The plugin's DLL.</param>
    /// <param name="allowed">The lists in which each of its files must be.</param>
    /// <exception cref="PluginException">The list of its dependencies cannot be read.</exception>
    public PluginLoadContext(string path, IReadOnlyList<PluginAllowList> allowed)
        : base(Path.GetFileNameWithoutExtension(path))
    {
        (this.path, this.allowed) = (path, allowed);
        string dependencies = Path.ChangeExtension(path, ".deps.json");
        if (File.Exists(dependencies) && RegularFile.IsHollow(dependencies))
        {
            throw new PluginException($"{Path.GetFileName(dependencies)} beside it is empty or not a regular file");
        }

        resolver = new AssemblyDependencyResolver(path);
    }

    /// <summary>Gets the files beside the plugin that are not used, because the host's are.</summary>
    public IReadOnlyList<string> Unused =>
    [
        .. Shared.Concat(HostAssemblies.Names)
            .Select(name => name + ".dll")
            .Where(name => File.Exists(Path.Combine(Path.GetDirectoryName(path)!, name))),
    ];

    /// <summary>The native libraries that an assembly calls by name and that would not be found. Those of the system are loaded to know.</summary>
    public IReadOnlyList<string> MissingLibraries(byte[] bytes) => [.. NativeImports.Of(bytes).Where(library => OwnLibrary(library) is null && !IsOfTheSystem(library))];

    /// <summary>Loads the very bytes that were looked at, with symbols where they lie beside.</summary>
    public Assembly Load(byte[] bytes) => Load(bytes, path);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (Shared.Contains(assemblyName.Name)) return null; // the host's
        if (HostAssemblies.Names.Contains(assemblyName.Name))
        {
            throw new PluginException($"a private dependency of it references the host's {assemblyName.Name}; expected {Shared[0]} alone");
        }

        return resolver.ResolveAssemblyToPath(assemblyName) is { } found ? Load(Admitted(found), found) : null;
    }

    // A native library can only be loaded from its file, so that what was looked at and what is loaded may differ.
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        if (OwnLibrary(unmanagedDllName) is not { } found) return 0;
        Admitted(found);
        return LoadUnmanagedDllFromPath(found);
    }

    private static bool IsOfTheSystem(string library)
    {
        if (!NativeLibrary.TryLoad(library, typeof(PluginLoadContext).Assembly, null, out nint handle)) return false;
        NativeLibrary.Free(handle);
        return true;
    }

    private string? OwnLibrary(string library) => resolver.ResolveUnmanagedDllToPath(library) ?? Beside(library);

    // The resolver knows the libraries of packages; one that was only copied beside the plugin is not in its list.
    private string? Beside(string library)
    {
        if (Path.GetFileName(library) != library) return null;
        (string prefix, string suffix) = OperatingSystem.IsWindows() ? ("", ".dll") : OperatingSystem.IsMacOS() ? ("lib", ".dylib") : ("lib", ".so");
        string[] names = [library, library + suffix, prefix + library, prefix + library + suffix];
        return names.Select(name => Path.Combine(Path.GetDirectoryName(path)!, name)).FirstOrDefault(File.Exists);
    }

    private byte[] Admitted(string file)
    {
        byte[] bytes = RegularFile.Read(file);
        foreach (PluginAllowList list in allowed) list.Admit(file, bytes);
        return bytes;
    }

    private Assembly Load(byte[] bytes, string file)
    {
        string symbols = Path.ChangeExtension(file, ".pdb");
        using var image = new MemoryStream(bytes);
        using MemoryStream? debug = File.Exists(symbols) && !RegularFile.IsHollow(symbols) ? new MemoryStream(File.ReadAllBytes(symbols)) : null;
        return LoadFromStream(image, debug);
    }
}
