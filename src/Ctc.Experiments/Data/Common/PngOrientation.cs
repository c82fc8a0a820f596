using System.Buffers.Binary;
using SkiaSharp;

namespace Ctc.Experiments.Data.Common;

/// <summary>The orientation in the chunk eXIf of a PNG, which Skia does not read.</summary>
/// <remarks>Source: Portable Network Graphics, third edition, section 11.3.4.7; TIFF 6.0, section 2, for the content.</remarks>
internal static class PngOrientation
{
    private const int MostBytes = 1 << 16;
    private const int Signature = 8, Prefix = 8, Checksum = 4; // of a file; of a chunk, before and after its data
    private const int Header = 8, Entry = 12, Value = 8; // of TIFF: the header, an entry of a directory, the value's place in it
    private const ushort Orientation = 0x0112, Short = 3;

    /// <summary>Searches the chunks of a file.</summary>
    /// <param name="png">The content, from its start.</param>
    /// <returns>The orientation; top left if none is given, or the chunk is damaged.</returns>
    public static SKEncodedOrigin Read(Stream png)
    {
        png.Position = Signature;
        Span<byte> prefix = stackalloc byte[Prefix];
        while (png.ReadAtLeast(prefix, Prefix, throwOnEndOfStream: false) == Prefix)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
            if (!prefix[4..].SequenceEqual("eXIf"u8))
            {
                png.Position += (long)length + Checksum;
                continue;
            }

            if (length > MostBytes) break;
            byte[] data = new byte[length];
            return png.ReadAtLeast(data, data.Length, throwOnEndOfStream: false) == data.Length ? Parse(data) : SKEncodedOrigin.TopLeft;
        }

        return SKEncodedOrigin.TopLeft;
    }

    private static SKEncodedOrigin Parse(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < Header || !(tiff.StartsWith("II"u8) || tiff.StartsWith("MM"u8))) return SKEncodedOrigin.TopLeft;
        bool isLittle = tiff[0] == 'I';
        uint directory = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - sizeof(ushort)) return SKEncodedOrigin.TopLeft;
        int count = Number(tiff[(int)directory..], isLittle);
        ReadOnlySpan<byte> entries = tiff[((int)directory + sizeof(ushort))..];
        for (int i = 0; i < count && (i + 1) * Entry <= entries.Length; i++)
        {
            ReadOnlySpan<byte> entry = entries[(i * Entry)..];
            if (Number(entry, isLittle) != Orientation || Number(entry[2..], isLittle) != Short) continue;
            var origin = (SKEncodedOrigin)Number(entry[Value..], isLittle);
            return Enum.IsDefined(origin) ? origin : SKEncodedOrigin.TopLeft;
        }

        return SKEncodedOrigin.TopLeft;
    }

    private static ushort Number(ReadOnlySpan<byte> at, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);
}
