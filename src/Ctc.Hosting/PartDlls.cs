using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Ctc.Hosting;

/// <summary>The DLLs of a folder that hold parts, found by their metadata. No code is loaded.</summary>
internal static class PartDlls
{
    /// <summary>Finds the DLLs in a folder.</summary>
    /// <param name="folder">An existing folder. Its subfolders are not searched.</param>
    /// <returns>Paths, sorted. Files that are not valid assemblies are skipped.</returns>
    public static IReadOnlyList<string> In(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.dll").Where(HasParts).Order(StringComparer.Ordinal)];

    private static bool HasParts(string dll)
    {
        try
        {
            if (RegularFile.IsHollow(dll)) return false;
            using var image = new PEReader(File.OpenRead(dll));
            if (!image.HasMetadata) return false;
            MetadataReader metadata = image.GetMetadataReader();
            return metadata.CustomAttributes.Any(attribute => IsPart(metadata.GetCustomAttribute(attribute).Constructor, metadata));
        }
        catch (Exception failure) when (failure is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsPart(EntityHandle constructor, MetadataReader metadata)
    {
        if (constructor.Kind != HandleKind.MemberReference) return false;
        EntityHandle attribute = metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent;
        if (attribute.Kind != HandleKind.TypeReference) return false;
        TypeReference type = metadata.GetTypeReference((TypeReferenceHandle)attribute);
        return metadata.StringComparer.Equals(type.Name, nameof(PartAttribute))
            && metadata.StringComparer.Equals(type.Namespace, typeof(PartAttribute).Namespace!);
    }
}
