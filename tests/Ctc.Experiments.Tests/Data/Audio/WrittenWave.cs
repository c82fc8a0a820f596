using System.Buffers.Binary;
using System.Text;

namespace Ctc.Experiments.Tests.Data.Audio;

/// <summary>The bytes of WAV files of all kinds, also of wrong ones.</summary>
internal sealed record WrittenWave(int Encoding, int Bits)
{
    private static readonly byte[] SubFormat = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    public int Channels { get; init; } = 1;

    public uint Rate { get; init; } = 16_000;

    public bool IsExtensible { get; init; }

    public uint? DataLength { get; init; }

    public int? Frame { get; init; }

    /// <summary>The file with these samples, those of the channels in turn.</summary>
    public byte[] Of(params double[] samples)
    {
        byte[] data = [.. samples.SelectMany(Sample)];
        var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        void Word(string word) => writer.Write(System.Text.Encoding.ASCII.GetBytes(word));
        int format = IsExtensible ? 40 : 16, frame = Frame ?? Bits / 8 * Channels;
        Word("RIFF");
        writer.Write(4 + 8 + format + 8 + data.Length + 10);
        Word("WAVEfmt ");
        writer.Write(format);
        writer.Write((ushort)(IsExtensible ? 0xFFFE : Encoding));
        writer.Write((ushort)Channels);
        writer.Write(Rate);
        writer.Write((uint)(Rate * frame));
        writer.Write((ushort)frame);
        writer.Write((ushort)Bits);
        if (IsExtensible)
        {
            writer.Write((ushort)22);
            writer.Write((ushort)Bits);
            writer.Write(0);
            writer.Write((ushort)Encoding);
            writer.Write(SubFormat);
        }

        Word("LIST"); // another chunk, of an odd length
        writer.Write(1);
        writer.Write((ushort)0);
        Word("data");
        writer.Write(DataLength ?? (uint)data.Length);
        writer.Write(data);
        return file.ToArray();
    }

    private byte[] Sample(double value)
    {
        byte[] bytes = new byte[Math.Max(Bits / 8, 1)];
        long whole = (long)Math.Round(value * (1L << (Bits - 1)));
        whole = Math.Min(whole, (1L << (Bits - 1)) - 1);
        if (Encoding == 3 && Bits == 32) BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
        else if (Encoding == 3) BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        else if (Bits == 8) bytes[0] = (byte)(whole + 128);
        else for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(whole >> (8 * i));
        return bytes;
    }
}
