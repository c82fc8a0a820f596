using System.Buffers.Binary;

namespace Ctc.Experiments.Data.Audio;

/// <summary>What the chunks of a WAV file say about its samples, checked against the file.</summary>
/// <remarks>
/// Source: Multimedia Programming Interface and Data Specifications 1.0, 1991; for WAVE_FORMAT_EXTENSIBLE, Multiple Channel Audio Data and WAVE
/// Files, 2007. Libraries read such files leniently: they return fewer samples where a length is wrong.
/// </remarks>
/// <param name="Channels">1 or 2.</param>
/// <param name="Rate">In Hz.</param>
/// <param name="Bits">Of a sample: 8, 16, 24 or 32, or 32 or 64 of a float.</param>
/// <param name="IsFloat">Whether samples are floats.</param>
/// <param name="Start">The position of the first sample in the file.</param>
/// <param name="Length">The bytes of all samples.</param>
internal sealed record WaveHeader(int Channels, int Rate, int Bits, bool IsFloat, long Start, long Length)
{
    private const int MostChannels = 2, LowestRate = 1000, HighestRate = 1_000_000;
    private const int Pcm = 1, Float = 3, Extensible = 0xFFFE;
    private const int ChunkHeader = 8, FormatLength = 16, SubFormat = 24, ExtensibleLength = 40;

    /// <summary>Gets the bytes of a sample of all channels.</summary>
    public int Frame => Channels * Bits / 8;

    /// <summary>Gets the number of samples of each channel.</summary>
    public long Samples => Length / Frame;

    /// <summary>Reads the chunks of a file up to its end.</summary>
    /// <param name="stream">The file.</param>
    /// <exception cref="InvalidDataException">It is no WAV file, of another kind, or its lengths are wrong. The message does not name it.</exception>
    public static WaveHeader Parse(Stream stream)
    {
        if (stream.Length == 0) throw new InvalidDataException("it is empty; expected sound");
        if (!IsWave(stream)) throw new InvalidDataException("it does not begin with RIFF and WAVE; expected a WAV file");
        byte[]? format = null;
        (long Start, long Length)? data = null;
        Span<byte> chunk = stackalloc byte[ChunkHeader];
        for (long at = 12; at + ChunkHeader <= stream.Length;)
        {
            stream.Position = at;
            stream.ReadExactly(chunk);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]), left = stream.Length - at - ChunkHeader;
            bool isData = chunk[..4].SequenceEqual("data"u8);
            if (length > left)
            {
                string what = isData ? "samples" : data is null ? "a part of its header" : "a part behind its samples";
                throw new InvalidDataException($"{length} bytes of {what} should follow, but {left} do; expected a whole file");
            }

            if (isData) data = (at + ChunkHeader, length);
            if (chunk[..4].SequenceEqual("fmt "u8)) stream.ReadExactly(format = new byte[Math.Min(length, ExtensibleLength)]);
            at += ChunkHeader + length + (length % 2);
        }

        if (!(format?.Length >= FormatLength)) throw new InvalidDataException("it does not say what its samples are; expected a chunk fmt");
        if (data is not { Length: > 0 } samples) throw new InvalidDataException("it has no samples; expected sound");
        return FromFormat(format, samples.Start, samples.Length);
    }

    /// <summary>Whether a file begins as WAV files do.</summary>
    public static bool IsWave(Stream stream)
    {
        Span<byte> start = stackalloc byte[12];
        stream.Position = 0;
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && start[..4].SequenceEqual("RIFF"u8) && start[8..].SequenceEqual("WAVE"u8);
    }

    private static WaveHeader FromFormat(byte[] format, long start, long length)
    {
        int Number(int at) => BinaryPrimitives.ReadUInt16LittleEndian(format.AsSpan(at));
        int kind = Number(0), channels = Number(2), frame = Number(12), bits = Number(14);
        long rate = BinaryPrimitives.ReadUInt32LittleEndian(format.AsSpan(4));
        if (kind == Extensible && format.Length == ExtensibleLength) kind = Number(SubFormat);
        if (!(kind == Pcm && bits is 8 or 16 or 24 or 32) && !(kind == Float && bits is 32 or 64))
        {
            throw new InvalidDataException(
                $"its samples are of {bits} bits in the encoding {kind}; expected PCM of 8, 16, 24 or 32 bits (1), or floats of 32 or 64 (3)");
        }

        if (channels is < 1 or > MostChannels) throw new InvalidDataException($"it has {channels} channels; expected 1 or {MostChannels}");
        if (rate is < LowestRate or > HighestRate) throw new InvalidDataException($"its rate is {rate} Hz; expected {LowestRate} to {HighestRate}");
        var header = new WaveHeader(channels, (int)rate, bits, kind == Float, start, length);
        if (frame != header.Frame)
        {
            throw new InvalidDataException(
                $"it says that samples have {frame} bytes; expected {header.Frame}, for {bits} bits and {channels} channels");
        }

        if (length % frame == 0) return header;
        throw new InvalidDataException($"it has {length} bytes of samples; expected a multiple of {frame}");
    }
}
