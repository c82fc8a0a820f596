using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Ctc.Hosting;

/// <summary>The load context of one plugin: its private dependencies are isolated, the contract is shared with the host.</summary>
/// <remarks>
/// Assemblies whose types appear in the contract must be the same on both sides: a type from another copy is a different type. They come from the
/// host, even if the plugin's folder has a copy.
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
    private readonly PluginContent content;
    private readonly AssemblyDependencyResolver resolver;
    private readonly NativeAdmission natives;

    /// <summary>Reads the list of a plugin's dependencies. Nothing is loaded yet.</summary>
    /// <param name="path">The plugin's DLL.</param>
    /// <param name="allowed">The lists in which each of its files must be.</param>
    /// <param name="content">Receives each file that is loaded besides the DLL.</param>
    /// <exception cref="PluginException">The list of its dependencies cannot be read.</exception>
    public PluginLoadContext(string path, IReadOnlyList<PluginAllowList> allowed, PluginContent content)
        : base(Path.GetFileNameWithoutExtension(path))
    {
        (this.path, this.allowed, this.content) = (path, allowed, content);
        string dependencies = Path.ChangeExtension(path, ".deps.json");
        if (File.Exists(dependencies) && RegularFile.IsHollow(dependencies))
        {
            throw new PluginException($"{Path.GetFileName(dependencies)} beside it is empty or not a regular file");
        }

        resolver = new AssemblyDependencyResolver(path);
        natives = new NativeAdmission(Path.GetDirectoryName(path)!, allowed);
    }

    /// <summary>Gets the names of the assemblies that come from the host, even if the plugin's folder has a copy.</summary>
    public static IReadOnlyList<string> FromHost { get; } = [.. Shared, .. HostAssemblies.Names];

    /// <summary>Gets the files beside the plugin that are not used, because the host has its own.</summary>
    public IReadOnlyList<string> Unused =>
    [
        .. FromHost
            .Select(name => name + ".dll")
            .Where(name => File.Exists(Path.Combine(Path.GetDirectoryName(path)!, name))),
    ];

    /// <summary>
    /// The native libraries that an assembly calls by name and that would not be found. Libraries of the system are loaded for the test.
    /// </summary>
    public IReadOnlyList<string> MissingLibraries(byte[] bytes) =>
        [.. NativeImports.FindIn(bytes).Where(library => OwnLibrary(library) is null && !IsInSystem(library))];

    /// <summary>
    /// The reasons why assemblies that the plugin references, itself or through its private ones, cannot be loaded: they are missing, not allowed, or
    /// newer than the host's. Only metadata is read.
    /// </summary>
    public IReadOnlyList<string> MissingAssemblies(byte[] bytes)
    {
        var causes = new List<string>();
        var seen = new HashSet<string>();
        var open = new Queue<byte[]>([bytes]);
        while (AssemblyReferences.AreHostsKnown && open.TryDequeue(out byte[]? next))
        {
            foreach (AssemblyName reference in AssemblyReferences.FindIn(next).Where(reference => seen.Add(reference.FullName)))
            {
                try
                {
                    bool isShared = Shared.Contains(reference.Name);
                    if (!isShared && resolver.ResolveAssemblyToPath(reference) is { } found) open.Enqueue(Admitted(found));
                    else if (AssemblyReferences.Missing(reference) is { } missing) causes.Add(missing);
                }
                catch (Exception failure) when (failure is PluginException or IOException or UnauthorizedAccessException)
                {
                    causes.Add(RootCause.Describe(failure));
                }
            }
        }

        return causes;
    }

    /// <summary>Loads the bytes that were checked, with the symbols beside the DLL if there are any.</summary>
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

    // A native library can only be loaded from its file: between check and load it may change.
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        if (OwnLibrary(unmanagedDllName) is { } found)
        {
            natives.Admit(found);
            if (content.Holds(found)) content.Load(found, RegularFile.ReadAllBytes(found));
            return LoadUnmanagedDllFromPath(found);
        }

        if (!IsPath(unmanagedDllName)) return 0; // the system's
        throw new PluginException($"it needs the native library {unmanagedDllName}, which was not found; a relative path starts at its folder");
    }

    // The system searches a path from the working directory.
    private static bool IsPath(string library) => Path.GetFileName(library) != library;

    private static bool IsInSystem(string library)
    {
        if (IsPath(library) || !NativeLibrary.TryLoad(library, typeof(PluginLoadContext).Assembly, null, out nint handle)) return false;
        NativeLibrary.Free(handle);
        return true;
    }

    private string? OwnLibrary(string library) =>
        (IsPath(library) ? null : resolver.ResolveUnmanagedDllToPath(library)) ?? Beside(library);

    // The resolver finds libraries of packages only, not files copied beside the plugin. A full path stays as it is.
    private string? Beside(string library)
    {
        (string prefix, string suffix) = OperatingSystem.IsWindows() ? ("", ".dll") : OperatingSystem.IsMacOS() ? ("lib", ".dylib") : ("lib", ".so");
        string[] names = IsPath(library)
            ? [library, library + suffix]
            : [library, library + suffix, prefix + library, prefix + library + suffix];
        return names.Select(name => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, name))).FirstOrDefault(File.Exists);
    }

    private byte[] Admitted(string file)
    {
        byte[] bytes = RegularFile.ReadAllBytes(file);
        foreach (PluginAllowList list in allowed) list.Admit(file, bytes);
        content.Load(file, bytes);
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
