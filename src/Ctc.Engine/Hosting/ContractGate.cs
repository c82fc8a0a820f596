using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Ctc.Engine.Hosting;

/// <summary>Looks at a DLL before any of its code is loaded.</summary>
/// <remarks>
/// A plugin fits if it was built against a contract of the same major version that is not newer than the host's; while the major version
/// is 0, of the same minor version too.
/// </remarks>
internal static class ContractGate
{
    private static readonly Version Host = typeof(IPart).Assembly.GetName().Version!;
    private static readonly string Contract = typeof(IPart).Assembly.GetName().Name!;

    /// <summary>The version of an assembly that may be loaded.</summary>
    /// <param name="bytes">The whole DLL.</param>
    /// <exception cref="PluginException">It is no .NET assembly, or its contract does not fit.</exception>
    public static Version Admit(byte[] bytes)
    {
        using var image = new PEReader(new MemoryStream(bytes));
        if (!IsManaged(image)) throw new PluginException("it is not a .NET assembly");

        MetadataReader metadata = image.GetMetadataReader();
        Version? built = metadata.AssemblyReferences
            .Select(metadata.GetAssemblyReference)
            .Where(reference => metadata.StringComparer.Equals(reference.Name, Contract))
            .Select(reference => reference.Version)
            .FirstOrDefault();
        if (built is null) throw new PluginException($"it does not reference {Contract}, so it holds no parts");
        bool sameLine = built.Major == Host.Major && (Host.Major > 0 || built.Minor == Host.Minor);
        if (!sameLine || built > Host) throw new PluginException($"it was built for version {built} of {Contract}; expected one that fits {Host}");
        return metadata.GetAssemblyDefinition().Version;
    }

    private static bool IsManaged(PEReader image)
    {
        try
        {
            return image.HasMetadata && image.GetMetadataReader().IsAssembly;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }
}
