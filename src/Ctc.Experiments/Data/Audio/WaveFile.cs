using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.Audio;

/// <summary>WAV files: PCM of 8, 16, 24 or 32 bits, floats of 32 or 64 bits, of one channel or two.</summary>
internal static class WaveFile
{
    private const int FramesAtOnce = 1 << 16;
    private const int Header = 44;
    private const double Rounding = 0.02; // seconds by which rounded times may lie past the end

    /// <summary>Reads samples; those of two channels are averaged.</summary>
    /// <param name="file">A path.</param>
    /// <param name="offset">The start of what is read, in seconds.</param>
    /// <param name="duration">Its duration in seconds; null, the default, for all to the end.</param>
    /// <exception cref="InvalidDataException">
    /// It cannot be read, is no such file, ends before that, or has samples that are not finite. The message names it.
    /// </exception>
    public static Waveform Load(string file, double offset = 0, double? duration = null)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            return Load(stream, offset, duration);
        }
        catch (InvalidDataException wrong)
        {
            throw new InvalidDataException($"{file} cannot be read as sound: {wrong.Message}.", wrong);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{file} cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Writes PCM of 16 bits; samples outside −1 to 1 are clipped.</summary>
    /// <param name="file">A path in an existing folder. Never half-written.</param>
    /// <param name="sound">The samples.</param>
    public static void Write(string file, Waveform sound)
    {
        byte[] bytes = new byte[Header + (2 * sound.Samples.Length)];
        "RIFF"u8.CopyTo(bytes);
        Number(4, bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        Number(16, 16);
        Number(20, 1 | (1 << 16)); // PCM, one channel
        Number(24, sound.Rate);
        Number(28, 2 * sound.Rate);
        Number(32, 2 | (16 << 16)); // bytes and bits of a sample
        "data"u8.CopyTo(bytes.AsSpan(36));
        Number(40, bytes.Length - Header);
        Span<short> samples = MemoryMarshal.Cast<byte, short>(bytes.AsSpan(Header));
        for (int i = 0; i < samples.Length; i++) samples[i] = (short)Math.Clamp(Math.Round(sound.Samples[i] * 32768), short.MinValue, short.MaxValue);
        WholeFile.Write(file, bytes);

        void Number(int at, int number) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), number);
    }

    private static Waveform Load(FileStream stream, double offset, double? duration)
    {
        WaveHeader header = WaveHeader.Parse(stream);
        long from = (long)Math.Round(offset * header.Rate), to = header.Samples;
        if (duration is { } seconds) to = from + (long)Math.Round(seconds * header.Rate);
        if (from < 0 || from >= Math.Min(to, header.Samples) || to > header.Samples + (Rounding * header.Rate))
        {
            string piece = duration is null ? $"from {offset:0.###} s" : $"from {offset:0.###} s for {duration:0.###} s";
            throw new InvalidDataException(FormattableString.Invariant(
                $"it is {(double)header.Samples / header.Rate:0.###} s long; expected it to hold a piece {piece}"));
        }

        to = Math.Min(to, header.Samples);
        float[] samples = new float[to - from];
        byte[] bytes = new byte[Math.Min(FramesAtOnce, samples.Length) * header.Frame];
        stream.Position = header.Start + (from * header.Frame);
        for (int start = 0; start < samples.Length; start += FramesAtOnce)
        {
            int count = Math.Min(FramesAtOnce, samples.Length - start);
            stream.ReadExactly(bytes.AsSpan(0, count * header.Frame));
            Convert(bytes, header, samples.AsSpan(start, count));
        }

        int bad = samples.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        return bad < 0 ? new Waveform(samples, header.Rate) : throw new InvalidDataException(string.Create(
            CultureInfo.InvariantCulture, $"a sample at {(double)(from + bad) / header.Rate:0.######} s is {samples[bad]}; expected finite numbers"));
    }

    private static void Convert(byte[] bytes, WaveHeader header, Span<float> samples)
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
