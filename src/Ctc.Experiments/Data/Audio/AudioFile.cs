using Ctc.Experiments.Processes;

namespace Ctc.Experiments.Data.Audio;

/// <summary>Files of sound. WAV is read here; ffmpeg or sox decodes other formats, if one of them is installed.</summary>
internal static class AudioFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1); // a recording of many hours

    private static readonly (string Program, Func<string, string, string[]> Arguments)[] Decoders =
    [
        ("ffmpeg", (from, to) => ["-nostdin", "-v", "error", "-i", $"file:{from}", "-map", "0:a:0", "-c:a", "pcm_f32le", "-f", "wav", $"file:{to}"]),
        ("sox", (from, to) => [from, "-e", "floating-point", "-b", "32", to]),
    ];

    /// <summary>Reads sound of one channel at a rate; two channels are averaged.</summary>
    /// <param name="file">A path.</param>
    /// <param name="rate">In Hz.</param>
    /// <param name="offset">The start of what is read, in seconds.</param>
    /// <param name="duration">Its duration in seconds; null, the default, for all to the end.</param>
    /// <returns>Samples from −1 to 1.</returns>
    /// <exception cref="InvalidDataException">It is no sound, or there is no program that decodes it. The message names it.</exception>
    public static float[] Load(string file, int rate, double offset = 0, double? duration = null)
    {
        if (file.EndsWith(".wav", StringComparison.OrdinalIgnoreCase) || IsWave(file))
        {
            return Resampling.Convert(WaveFile.Load(file, offset, duration), rate);
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("ctc-audio-");
        try
        {
            string decoded = Path.Combine(folder.FullName, "decoded.wav");
            Decode(file, decoded);
            return Resampling.Convert(WaveFile.Load(decoded, offset, duration), rate);
        }
        catch (InvalidDataException failure) when (!failure.Message.StartsWith(file, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{file} was decoded, but {failure.Message}", failure);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Decode(string file, string decoded)
    {
        foreach ((string name, Func<string, string, string[]> arguments) in Decoders)
        {
            if (InstalledProgram.Find(name) is not { } program) continue;
            ProcessEnd end = program.Run(arguments(Path.GetFullPath(file), decoded), Patience).End;
            if (end.Code == 0 && File.Exists(decoded)) return;
            string cause = (end.FirstLine ?? $"it ended with {end.Code}").TrimEnd('.');
            throw new InvalidDataException($"{file} cannot be decoded by {name}: {cause}.");
        }

        throw new InvalidDataException(
            $"{file} is no WAV file, and neither ffmpeg nor sox is installed to decode it; expected one of them in the PATH, or WAV.");
    }

    private static bool IsWave(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            if (stream.Length == 0) throw new InvalidDataException($"{file} is empty; expected sound.");
            return WaveHeader.IsWave(stream);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{file} cannot be read: {failure.Message}", failure);
        }
    }
}
