using Ctc.Experiments.Files;
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
    /// <inheritdoc cref="Open"/>
    /// <returns>Samples from −1 to 1.</returns>
    public static float[] Load(string file, int rate, double offset = 0, double? duration = null)
    {
        using SampleReader reader = Open(file, rate, offset, duration);
        return reader.ReadToEnd();
    }

    /// <summary>Opens sound of one channel at a rate; two channels are averaged.</summary>
    /// <param name="file">A path.</param>
    /// <param name="rate">In Hz.</param>
    /// <param name="offset">The start of what is read, in seconds.</param>
    /// <param name="duration">Its duration in seconds; null, the default, for all to the end.</param>
    /// <exception cref="InvalidDataException">It is no sound, or there is no program that decodes it. The message names it.</exception>
    public static SampleReader Open(string file, int rate, double offset = 0, double? duration = null)
    {
        if (file.EndsWith(".wav", StringComparison.OrdinalIgnoreCase) || IsWave(file)) return OpenWave(file, rate, offset, duration);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ctc-audio-");
        try
        {
            string decoded = Path.Combine(folder.FullName, "decoded.wav");
            Decode(file, decoded);
            return new DecodedReader(file, folder, () => OpenWave(decoded, rate, offset, duration));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    private static SampleReader OpenWave(string file, int rate, double offset, double? duration)
    {
        WaveReader wave = WaveReader.Open(file, offset, duration);
        return wave.Rate == rate ? wave : new ResamplingReader(wave, wave.Rate, rate);
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
        catch (Exception failure) when (Unreadable.Is(failure))
        {
            throw Unreadable.File(file, failure);
        }
    }

    /// <summary>Sound that a program decoded into a folder, which is deleted in the end.</summary>
    private sealed class DecodedReader(string file, DirectoryInfo folder, Func<SampleReader> open) : SampleReader
    {
        private readonly SampleReader sound = Named(file, open);

        public override long Length => sound.Length;

        public override int Read(Span<float> room)
        {
            try
            {
                return sound.Read(room);
            }
            catch (InvalidDataException failure)
            {
                throw Named(file, failure);
            }
        }

        public override void Dispose()
        {
            sound.Dispose();
            folder.Delete(recursive: true);
        }

        private static SampleReader Named(string file, Func<SampleReader> open)
        {
            try
            {
                return open();
            }
            catch (InvalidDataException failure)
            {
                throw Named(file, failure);
            }
        }

        private static InvalidDataException Named(string file, InvalidDataException failure) =>
            new($"{file} was decoded, but {failure.Message}", failure);
    }
}
