using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Ctc.Hosting;

/// <summary>The native libraries that the code of a DLL calls by name. What it loads by other means stands nowhere.</summary>
internal static class NativeImports
{
    /// <summary>Reads them. No code is loaded.</summary>
    /// <param name="dll">A whole .NET assembly.</param>
    /// <returns>Names as the code writes them, each once.</returns>
    public static IReadOnlyList<string> Of(byte[] dll)
    {
        using var image = new PEReader(new MemoryStream(dll));
        MetadataReader metadata = image.GetMetadataReader();
        IEnumerable<ModuleReferenceHandle> called = metadata.MethodDefinitions.Select(method => metadata.GetMethodDefinition(method).GetImport().Module).Where(module => !module.IsNil);
        return [.. called.Select(module => metadata.GetString(metadata.GetModuleReference(module).Name)).Distinct()];
    }
}
