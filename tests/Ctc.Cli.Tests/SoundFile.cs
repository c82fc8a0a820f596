namespace Ctc.Cli.Tests;

/// <summary>Writes WAV files: PCM of 16 bits at 8000 Hz.</summary>
internal static class SoundFile
{
    public static void Write(string path, params short[] samples)
    {
        using var file = new BinaryWriter(File.Create(path));
        file.Write("RIFF"u8);
        file.Write(36 + (2 * samples.Length));
        file.Write("WAVEfmt "u8);
        foreach (int number in new[] { 16, 1 | (1 << 16), 8000, 16_000, 2 | (16 << 16) }) file.Write(number);
        file.Write("data"u8);
        file.Write(2 * samples.Length);
        foreach (short sample in samples) file.Write(sample);
    }
}
