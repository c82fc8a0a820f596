using System.Buffers;
using System.IO.Hashing;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ctc.Experiments.Data.Cache;

/// <summary>A file with the features of many inputs, mapped into memory. It never changes: written whole, then only read or deleted.</summary>
/// <remarks>
/// A header, the numbers of each input, and an index at the end. Only the pages of one input are mapped at a time, while it is copied: pages that
/// stay mapped would count as memory of the process. The checksums are of XXH3, against damage and not against malice.
/// </remarks>
internal sealed class FeaturePack : IDisposable
{
    private const ulong Magic = 0x31_4B_50_46_43_54_43_2E; // ".CTCFPK1"
    private const float Levels = 255;
    private static readonly int HeaderLength = Unsafe.SizeOf<Header>();

    private readonly SafeFileHandle file;
    private readonly MemoryMappedFile map;
    private readonly long length;

    private FeaturePack(string path, SafeFileHandle file, long length, PackEntry[] entries)
    {
        (Path, this.file, this.length, Entries) = (path, file, length, entries);
        map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
    }

    /// <summary>Gets the path of the file.</summary>
    public string Path { get; }

    /// <summary>Gets the inputs that it has features of.</summary>
    public IReadOnlyList<PackEntry> Entries { get; }

    /// <summary>Opens a pack.</summary>
    /// <returns>The pack; null if the file is damaged.</returns>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static FeaturePack? Open(string path)
    {
        SafeFileHandle file = File.OpenHandle(path, share: FileShare.Read | FileShare.Delete);
        try
        {
            if (ReadIndex(file, out long length) is { } entries) return new FeaturePack(path, file, length, entries);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        return null;
    }

    /// <summary>Copies the features of an input.</summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    /// <param name="features">Room for exactly its numbers.</param>
    /// <returns>Whether they are undamaged.</returns>
    public bool Read(in PackEntry entry, Span<float> features)
    {
        if (features.Length != entry.Count) return false;
        if (entry.Count == 0) return true;

        // A mapped page behind the end of a file that was cut would end the process.
        if (RandomAccess.GetLength(file) != length) return false;
        using MemoryMappedViewAccessor view = map.CreateViewAccessor(entry.Offset, (long)entry.Count * entry.Width, MemoryMappedFileAccess.Read);
        SafeMemoryMappedViewHandle pages = view.SafeMemoryMappedViewHandle;
        if (entry.Width == sizeof(float))
        {
            pages.ReadSpan((ulong)view.PointerOffset, features);
            return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(features)) == entry.Checksum;
        }

        byte[] levels = ArrayPool<byte>.Shared.Rent(entry.Count);
        try
        {
            Span<byte> read = levels.AsSpan(0, entry.Count);
            pages.ReadSpan((ulong)view.PointerOffset, read);
            for (int i = 0; i < read.Length; i++) features[i] = read[i] / Levels;
            return XxHash3.HashToUInt64(read) == entry.Checksum;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(levels);
        }
    }

    /// <summary>Writes a pack.</summary>
    /// <param name="stream">An empty file.</param>
    /// <param name="inputs">The key of each input, with its features; enumerated once.</param>
    public static void Write(Stream stream, IEnumerable<(FeatureKey Key, float[] Features)> inputs)
    {
        List<PackEntry> entries = [];
        stream.Position = HeaderLength;
        foreach ((FeatureKey key, float[] features) in inputs)
        {
            byte[]? levels = InLevels(features);
            ReadOnlySpan<byte> bytes = levels ?? MemoryMarshal.AsBytes(features.AsSpan());
            int width = levels is null ? sizeof(float) : sizeof(byte);
            entries.Add(new PackEntry(key, stream.Position, features.Length, width, XxHash3.HashToUInt64(bytes)));
            stream.Write(bytes);
        }

        long end = stream.Position;
        ReadOnlySpan<byte> index = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(entries));
        stream.Write(index);
        var header = new Header(Magic, entries.Count, end, stream.Position, XxHash3.HashToUInt64(index));
        stream.Position = 0;
        stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Header>(in header)));
    }

    /// <inheritdoc/>
    public void Dispose() => map.Dispose();

    // Greys of an image that was not scaled take a byte each, and are restored to the same bits.
    private static byte[]? InLevels(float[] features)
    {
        byte[] levels = new byte[features.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            float level = features[i] * Levels;
            if (!(level > -1 && level < Levels + 1)) return null;
            levels[i] = (byte)Math.Round(level);
            if (BitConverter.SingleToUInt32Bits(levels[i] / Levels) != BitConverter.SingleToUInt32Bits(features[i])) return null;
        }

        return levels;
    }

    private static PackEntry[]? ReadIndex(SafeFileHandle file, out long length)
    {
        length = RandomAccess.GetLength(file);
        Span<Header> one = stackalloc Header[1];
        if (RandomAccess.Read(file, MemoryMarshal.AsBytes(one), 0) < HeaderLength) return null;
        Header header = one[0];
        if (header.Magic != Magic || header.Length != length || header.Index < HeaderLength || header.Index > length) return null;
        if (header.Count < 0 || (length - header.Index) != header.Count * Unsafe.SizeOf<PackEntry>()) return null;

        var entries = new PackEntry[header.Count];
        Span<byte> bytes = MemoryMarshal.AsBytes(entries.AsSpan());
        int read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes[read..], header.Index + read) is > 0 and var more) read += more;
        return read == bytes.Length && XxHash3.HashToUInt64(bytes) == header.Checksum ? entries : null;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Header(ulong Magic, long Count, long Index, long Length, ulong Checksum);
}

/// <summary>The place of an input in a pack.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Offset">The position of its numbers in the file, in bytes.</param>
/// <param name="Count">The number of its features.</param>
/// <param name="Width">The bytes of a number: 4 for a float, 1 for a level of grey.</param>
/// <param name="Checksum">The XXH3 of its bytes.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct PackEntry(FeatureKey Key, long Offset, int Count, int Width, ulong Checksum);
