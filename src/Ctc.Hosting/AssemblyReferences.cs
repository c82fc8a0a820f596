using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Ctc.Hosting;

/// <summary>The assemblies that a DLL references, and those that the host offers. Only metadata is read; no code is loaded.</summary>
internal static class AssemblyReferences
{
    private static readonly Lazy<Dictionary<string, string>> Offered = new(() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .DistinctBy(path => Path.GetFileNameWithoutExtension(path))
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path)));

    // All plugins reference nearly the same assemblies, and each is a file to read.
    private static readonly ConcurrentDictionary<string, Version?> Versions = new();

    /// <summary>Gets whether the assemblies of the host are known. In a host of one file they are not.</summary>
    public static bool AreHostsKnown => Offered.Value.Count > 0;

    /// <summary>Finds the references.</summary>
    /// <param name="dll">A whole .NET assembly.</param>
    public static IReadOnlyList<AssemblyName> FindIn(byte[] dll)
    {
        using var image = new PEReader(new MemoryStream(dll));
        MetadataReader metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetAssemblyReference(handle).GetAssemblyName())];
    }

    /// <summary>The version of an assembly that the host has.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Null if the host has none of that name.</returns>
    public static Version? HostVersion(string name) => Versions.GetOrAdd(
        name, _ => Offered.Value.TryGetValue(name, out string? path) ? AssemblyName.GetAssemblyName(path).Version : null);

    /// <summary>The reason why the host cannot provide an assembly; null if it can.</summary>
    /// <param name="assembly">Its name and the version that is needed.</param>
    public static string? Missing(AssemblyName assembly) => HostVersion(assembly.Name!) switch
    {
        null => $"it needs version {assembly.Version} of the assembly {assembly.Name}, which was not found",
        var host when host < assembly.Version => $"it needs version {assembly.Version} of the assembly {assembly.Name}; the host has {host}",
        _ => null,
    };
}
