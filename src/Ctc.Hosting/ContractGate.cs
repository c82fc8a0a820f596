using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Ctc.Hosting;

/// <summary>Checks the metadata of a DLL before any of its code is loaded.</summary>
/// <remarks>
/// The contract must satisfy <see cref="Fits"/>. Tensors are part of the contract, so TorchSharp must not be newer than the host's either.
/// </remarks>
internal static class ContractGate
{
    private static readonly AssemblyName Contract = typeof(IPart).Assembly.GetName();
    private static readonly AssemblyName Tensors = typeof(Tensor).Assembly.GetName();

    /// <summary>Returns the version of an assembly that may be loaded.</summary>
    /// <param name="bytes">The whole DLL.</param>
    /// <exception cref="PluginException">It is not a .NET assembly, its contract does not fit, or it references another host assembly.</exception>
    public static Version Admit(byte[] bytes)
    {
        using var image = new PEReader(new MemoryStream(bytes));
        if (Fault(image, bytes) is { } fault) throw new PluginException(fault);

        MetadataReader metadata = image.GetMetadataReader();
        Version built = VersionOf(Contract, metadata) ?? throw new PluginException($"it does not reference {Contract.Name}, so it holds no parts");
        Version host = Contract.Version!;
        if (!Fits(built, host))
        {
            throw new PluginException($"it was built for version {built} of {Contract.Name}; expected one that fits {host}");
        }

        if (VersionOf(Tensors, metadata) is { } tensors && tensors > Tensors.Version)
        {
            throw new PluginException($"it was built for version {tensors} of {Tensors.Name}; expected {Tensors.Version} or older");
        }

        IEnumerable<string> references = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name));
        if (references.Intersect(HostAssemblies.Names).Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } ofHost)
        {
            throw new PluginException($"it references the host's {string.Join(", ", ofHost)}; expected {Contract.Name} alone");
        }

        return metadata.GetAssemblyDefinition().Version;
    }

    /// <summary>
    /// Whether a plugin is compatible: its contract has the host's major version and is not newer; while the major version is 0, it has the host's
    /// minor version too.
    /// </summary>
    /// <param name="built">The contract that the plugin was built against.</param>
    /// <param name="host">The contract of the host.</param>
    public static bool Fits(Version built, Version host) =>
        built.Major == host.Major && (host.Major > 0 || built.Minor == host.Minor) && built <= host;

    private static Version? VersionOf(AssemblyName assembly, MetadataReader metadata) => metadata.AssemblyReferences
        .Select(metadata.GetAssemblyReference)
        .Where(reference => metadata.StringComparer.Equals(reference.Name, assembly.Name!))
        .Select(reference => reference.Version)
        .FirstOrDefault();

    private static string? Fault(PEReader image, byte[] bytes)
    {
        const string Foreign = "it is not a .NET assembly", Damaged = "its file is cut off or damaged";
        try
        {
            bool isCut = image.PEHeaders.SectionHeaders.Any(section => section.PointerToRawData + (long)section.SizeOfRawData > bytes.Length);
            if (isCut) return Damaged;
            return image.HasMetadata && image.GetMetadataReader().IsAssembly ? null : Foreign;
        }
        catch (BadImageFormatException)
        {
            return bytes.AsSpan().StartsWith("MZ"u8) ? Damaged : Foreign; // every DLL starts with MZ
        }
    }
}
