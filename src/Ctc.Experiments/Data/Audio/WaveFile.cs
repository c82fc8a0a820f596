using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.Audio;

/// <summary>WAV files: PCM of 8, 16, 24 or 32 bits, floats of 32 or 64 bits, of one channel or two.</summary>
internal static class WaveFile
{
    private const int Header = 44;

    /// <summary>Reads all samples; those of two channels are averaged.</summary>
    /// <param name="file">A path.</param>
    /// <param name="offset">The start of what is read, in seconds.</param>
    /// <param name="duration">Its duration in seconds; null, the default, for all to the end.</param>
    /// <exception cref="InvalidDataException">
    /// It cannot be read, is no such file, ends before that, or has samples that are not finite. The message names it.
    /// </exception>
    public static Waveform Load(string file, double offset = 0, double? duration = null)
    {
        using WaveReader reader = WaveReader.Open(file, offset, duration);
        return new Waveform(reader.ReadToEnd(), reader.Rate);
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
}
