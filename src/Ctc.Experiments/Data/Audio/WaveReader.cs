using System.Buffers.Binary;
using System.Globalization;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.Audio;

/// <summary>The samples of a WAV file or of a piece of it; those of two channels are averaged.</summary>
internal sealed class WaveReader : SampleReader
{
    private const int FramesAtOnce = 1 << 16;
    private const double Rounding = 0.02; // seconds by which rounded times may lie past the end

    private readonly string file;
    private readonly FileStream stream;
    private readonly WaveHeader header;
    private readonly long start, end; // of the piece, in samples
    private readonly byte[] bytes;
    private long next;

    private WaveReader(string file, FileStream stream, double offset, double? duration)
    {
        (this.file, this.stream) = (file, stream);
        header = WaveHeader.Parse(stream);
        (start, end) = Piece(header, offset, duration);
        next = start;
        bytes = new byte[Math.Min(FramesAtOnce, Length) * header.Frame];
        stream.Position = header.Start + (start * header.Frame);
    }

    /// <summary>Gets the samples a second.</summary>
    public int Rate => header.Rate;

    /// <inheritdoc/>
    public override long Length => end - start;

    /// <summary>Opens a file.</summary>
    /// <param name="file">A path.</param>
    /// <param name="offset">The start of what is read, in seconds.</param>
    /// <param name="duration">Its duration in seconds; null, the default, for all to the end.</param>
    /// <exception cref="InvalidDataException">It cannot be read, is no such file, or ends before that. The message names it.</exception>
    public static WaveReader Open(string file, double offset = 0, double? duration = null)
    {
        FileStream? stream = null;
        try
        {
            stream = File.OpenRead(file);
            return new WaveReader(file, stream, offset, duration);
        }
        catch (InvalidDataException wrong)
        {
            stream!.Dispose();
            throw new InvalidDataException($"{file} cannot be read as sound: {wrong.Message}.", wrong);
        }
        catch (Exception failure) when (Unreadable.Is(failure))
        {
            stream?.Dispose();
            throw Unreadable.File(file, failure);
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<float> room)
    {
        int read = (int)Math.Min(room.Length, end - next);
        try
        {
            for (int at = 0; at < read; at += FramesAtOnce)
            {
                int count = Math.Min(FramesAtOnce, read - at);
                stream.ReadExactly(bytes.AsSpan(0, count * header.Frame));
                Convert(room.Slice(at, count));
            }
        }
        catch (IOException failure)
        {
            throw new InvalidDataException($"{file} cannot be read: {failure.Message}", failure);
        }

        int bad = room[..read].IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        if (bad >= 0)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{file} cannot be read as sound: a sample at {(double)(next + bad) / Rate:0.######} s is {room[bad]}; expected finite numbers."));
        }

        next += read;
        return read;
    }

    /// <inheritdoc/>
    public override void Dispose() => stream.Dispose();

    private static (long Start, long End) Piece(WaveHeader header, double offset, double? duration)
    {
        long from = (long)Math.Round(offset * header.Rate), to = header.Samples;
        if (duration is { } seconds) to = from + (long)Math.Round(seconds * header.Rate);
        if (from >= 0 && from < Math.Min(to, header.Samples) && to <= header.Samples + (Rounding * header.Rate))
        {
            return (from, Math.Min(to, header.Samples));
        }

        string piece = duration is null ? $"from {offset:0.###} s" : $"from {offset:0.###} s for {duration:0.###} s";
        throw new InvalidDataException(FormattableString.Invariant(
            $"it is {(double)header.Samples / header.Rate:0.###} s long; expected it to hold a piece {piece}"));
    }

    private void Convert(Span<float> samples)
    {
        int width = header.Bits / 8;
        for (int i = 0; i < samples.Length; i++)
        {
            ReadOnlySpan<byte> frame = bytes.AsSpan(i * header.Frame, header.Frame);
            float sample = Sample(frame[..width], header.IsFloat);
            samples[i] = header.Channels == 1 ? sample : (sample + Sample(frame[width..], header.IsFloat)) / 2;
        }
    }

    private static float Sample(ReadOnlySpan<byte> bytes, bool isFloat) => (bytes.Length, isFloat) switch
    {
        (1, _) => (bytes[0] - 128) / 128f,
        (2, _) => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32768f,
        (3, _) => (bytes[0] | (bytes[1] << 8) | ((sbyte)bytes[2] << 16)) / 8388608f,
        (4, false) => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2147483648f,
        (4, true) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };
}
