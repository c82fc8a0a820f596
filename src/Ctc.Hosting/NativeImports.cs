using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Ctc.Hosting;

/// <summary>The native libraries that the code of a DLL calls by name. Libraries loaded by other means are not in the metadata.</summary>
internal static class NativeImports
{
    /// <summary>Finds their names in the metadata. No code is loaded.</summary>
    /// <param name="dll">A whole .NET assembly.</param>
    /// <returns>Names as in the code, each once.</returns>
    public static IReadOnlyList<string> FindIn(byte[] dll)
    {
        using var image = new PEReader(new MemoryStream(dll));
        MetadataReader metadata = image.GetMetadataReader();
        IEnumerable<ModuleReferenceHandle> called = metadata.MethodDefinitions
            .Select(method => metadata.GetMethodDefinition(method).GetImport().Module)
            .Where(module => !module.IsNil);
        return [.. called.Select(module => metadata.GetString(metadata.GetModuleReference(module).Name)).Distinct()];
    }
}
