using System.Buffers.Binary;
using System.Text;

namespace Ctc.Hosting.Tests;

/// <summary>A file of the form of a native library of Linux that holds nothing but a dynamic section.</summary>
internal static class ElfFile
{
    private const int LoadSegment = 1, DynamicSegment = 2, HeaderSize = 64, SegmentSize = 56, Address = 0x10000;

    /// <summary>Creates the bytes.</summary>
    /// <param name="entries">Pairs of a tag and a text: 1 a library, 15 RPATH, 29 RUNPATH.</param>
    public static byte[] Create(params (long Tag, string Text)[] entries)
    {
        const int dynamic = HeaderSize + (2 * SegmentSize);
        int strings = dynamic + (16 * (entries.Length + 2));
        byte[] texts = [0, .. entries.SelectMany(entry => Encoding.UTF8.GetBytes(entry.Text + "\0"))];
        byte[] bytes = new byte[strings + texts.Length];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(bytes, 0);
        Write(0x20, HeaderSize);
        bytes[0x38] = 2;
        Segment(HeaderSize, LoadSegment, 0, Address, bytes.Length);
        Segment(HeaderSize + SegmentSize, DynamicSegment, dynamic, Address + dynamic, strings - dynamic);
        int text = 1;
        for (int i = 0; i < entries.Length; i++)
        {
            Write(dynamic + (16 * i), entries[i].Tag);
            Write(dynamic + (16 * i) + 8, text);
            text += Encoding.UTF8.GetByteCount(entries[i].Text) + 1;
        }

        Write(dynamic + (16 * entries.Length), 5); // the table of texts
        Write(dynamic + (16 * entries.Length) + 8, Address + strings);
        texts.CopyTo(bytes, strings);
        return bytes;

        void Write(int at, long number) => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), number);

        void Segment(int at, int type, long offset, long address, long size)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), type);
            Write(at + 8, offset);
            Write(at + 16, address);
            Write(at + 32, size);
        }
    }
}
