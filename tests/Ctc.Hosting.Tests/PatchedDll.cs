using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;

namespace Ctc.Hosting.Tests;

/// <summary>Patches a valid DLL to one that the available compiler does not produce.</summary>
internal static class PatchedDll
{
    /// <summary>Changes the version of a referenced assembly in the metadata of a DLL.</summary>
    public static byte[] WithReference(byte[] dll, string assembly, Version version)
    {
        var patched = (byte[])dll.Clone();
        using var image = new PEReader(new MemoryStream(dll));
        MetadataReader metadata = image.GetMetadataReader();
        AssemblyReferenceHandle row = metadata.AssemblyReferences.Single(handle =>
            metadata.StringComparer.Equals(metadata.GetAssemblyReference(handle).Name, assembly));

        // A row of the table starts with the four parts of the version (ECMA-335, II.22.5).
        Write(version, patched, image.PEHeaders.MetadataStartOffset
            + metadata.GetTableMetadataOffset(TableIndex.AssemblyRef)
            + ((MetadataTokens.GetRowNumber(row) - 1) * metadata.GetTableRowSize(TableIndex.AssemblyRef)));
        return patched;
    }

    /// <summary>Changes the version of a DLL.</summary>
    public static byte[] WithVersion(byte[] dll, Version version)
    {
        var patched = (byte[])dll.Clone();
        using var image = new PEReader(new MemoryStream(dll));

        // The hash algorithm, four bytes, precedes the version of the assembly (ECMA-335, II.22.2).
        Write(version, patched, image.PEHeaders.MetadataStartOffset + image.GetMetadataReader().GetTableMetadataOffset(TableIndex.Assembly) + 4);
        return patched;
    }

    /// <summary>Replaces a number that occurs once in the code of a DLL.</summary>
    public static byte[] WithNumber(byte[] dll, double number, double other)
    {
        var patched = (byte[])dll.Clone();
        int at = patched.AsSpan().IndexOf(BitConverter.GetBytes(number));
        BitConverter.TryWriteBytes(patched.AsSpan(at), other);
        return patched;
    }

    /// <summary>Replaces the name of a native library that the code of a DLL calls.</summary>
    /// <param name="dll">A whole DLL.</param>
    /// <param name="library">The name in it.</param>
    /// <param name="other">A name that is not longer.</param>
    public static byte[] WithNativeImport(byte[] dll, string library, string other)
    {
        var patched = (byte[])dll.Clone();
        int at = patched.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\0{library}\0")) + 1;
        Encoding.UTF8.GetBytes(other.PadRight(library.Length, '\0')).CopyTo(patched.AsSpan(at));
        return patched;
    }

    private static void Write(Version version, byte[] dll, int start)
    {
        int[] parts = [version.Major, version.Minor, version.Build, version.Revision];
        for (int i = 0; i < parts.Length; i++) BitConverter.TryWriteBytes(dll.AsSpan(start + (2 * i)), (ushort)parts[i]);
    }
}
