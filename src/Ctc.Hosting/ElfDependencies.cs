using System.Buffers.Binary;
using System.Text;

namespace Ctc.Hosting;

/// <summary>The names of the libraries that a native library makes the loader of Linux load, and the folders in which it searches them.</summary>
/// <remarks>The form: System V ABI, "Dynamic Section". Only 64-bit little-endian files are read: no others can be loaded into this process.</remarks>
/// <param name="Libraries">The names, as in the file.</param>
/// <param name="Folders">The folders of RPATH and RUNPATH, as in the file.</param>
internal sealed record ElfDependencies(IReadOnlyList<string> Libraries, IReadOnlyList<string> Folders)
{
    private const int LoadSegment = 1, DynamicSegment = 2, SegmentSize = 56, EntrySize = 16;
    private const long Needed = 1, StringTable = 5, RunPath = 29, RPath = 15, Auxiliary = 0x7ffffffd, Filter = 0x7fffffff;

    /// <summary>Whether bytes start as such a file does.</summary>
    /// <param name="bytes">A whole file, or its first six bytes.</param>
    public static bool IsElf(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]);

    /// <summary>Parses a native library.</summary>
    /// <param name="bytes">A whole file for which <see cref="IsElf"/> holds.</param>
    /// <exception cref="PluginException">It is damaged.</exception>
    public static ElfDependencies Parse(byte[] bytes)
    {
        try
        {
            (long Type, long Offset, long Address, long Size)[] segments = [.. Segments(bytes)];
            (long Tag, long Value)[] entries = [.. segments.Where(segment => segment.Type == DynamicSegment).SelectMany(Entries)];
            long strings = entries.FirstOrDefault(entry => entry.Tag == StringTable).Value;
            long InFile(long address)
            {
                var holding = segments.First(segment =>
                    segment.Type == LoadSegment && address >= segment.Address && address - segment.Address < segment.Size);
                return checked(address - holding.Address + holding.Offset);
            }

            string[] Texts(params long[] tags) => [.. entries.Where(entry => tags.Contains(entry.Tag))
                .Select(entry => TextAt(bytes, checked((int)(InFile(strings) + entry.Value))))];

            return new ElfDependencies(Texts(Needed, Auxiliary, Filter), [.. Texts(RPath, RunPath).SelectMany(folders => folders.Split(':'))]);

            IEnumerable<(long Tag, long Value)> Entries((long Type, long Offset, long Address, long Size) segment)
            {
                bool isInFile = segment.Offset >= 0 && segment.Size >= 0 && segment.Offset <= bytes.Length - segment.Size;
                if (!isInFile) throw new OverflowException();
                for (long at = segment.Offset; at + EntrySize <= segment.Offset + segment.Size; at += EntrySize)
                {
                    long tag = Int64(bytes, at);
                    if (tag == 0) yield break;
                    yield return (tag, Int64(bytes, at + 8));
                }
            }
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or OverflowException)
        {
            throw new PluginException("it is no whole native library", failure);
        }
    }

    private static IEnumerable<(long Type, long Offset, long Address, long Size)> Segments(byte[] bytes)
    {
        long first = Int64(bytes, 0x20);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(0x38));
        for (long i = 0, at = first; i < count; i++, at += SegmentSize)
        {
            int type = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(checked((int)at)));
            yield return (type, Int64(bytes, at + 8), Int64(bytes, at + 16), Int64(bytes, at + 32));
        }
    }

    private static long Int64(byte[] bytes, long at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(checked((int)at)));

    private static string TextAt(byte[] bytes, int at)
    {
        ReadOnlySpan<byte> rest = bytes.AsSpan(at);
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
