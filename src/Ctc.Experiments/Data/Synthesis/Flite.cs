using System.Globalization;
using Ctc.Experiments.Data.Audio;
using Ctc.Experiments.Processes;

namespace Ctc.Experiments.Data.Synthesis;

/// <summary>The program flite, which prints the phones that it speaks with the end of each.</summary>
internal sealed class Flite : ISynthesizer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Lazy<InstalledProgram?> program = new(() => InstalledProgram.Find("flite"));
    private readonly Lazy<string> voices;

    public Flite() => voices = new(() => Run("-lv"));

    /// <inheritdoc/>
    public string Method => "flite, " + Array.Find(
        Require().Run(["--version"], Patience).Output.Split('\n'), line => line.Contains("version:", StringComparison.Ordinal)); // it exits with 1

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => program.Value is { } found ? [found.Path] : [];

    /// <inheritdoc/>
    public SpokenSentence Speak(string sentence, string voice)
    {
        // It takes another voice, without a word, in place of one that it does not have.
        string[] known = voices.Value.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (!known.Contains(voice)) throw new InvalidDataException($"flite has no voice '{voice}'; expected one of those of flite -lv.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ctc-flite-");
        try
        {
            string file = Path.Combine(folder.FullName, "spoken.wav");
            TimedPhone[] phones = ParsePhones(Run("-voice", voice, "-t", sentence, "-psdur", "-o", file));
            return new SpokenSentence(WaveFile.Load(file), phones);
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException($"'{sentence}' cannot be spoken by the voice {voice}: {failure.Message}", failure);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Parses what flite prints with <c>-psdur</c>: <c>pau:0.159 sh:0.300</c>, each phone with its end in seconds.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    internal static TimedPhone[] ParsePhones(string printed)
    {
        double start = 0;
        List<TimedPhone> phones = [];
        foreach (string piece in printed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = piece.LastIndexOf(':');
            bool isTimed = double.TryParse(piece.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double end);
            if (colon < 1 || !isTimed || !(end >= start))
            {
                throw new InvalidDataException(
                    $"flite printed '{piece}' after {phones.Count} phones; expected a phone, a colon and its end in seconds.");
            }

            phones.Add(new TimedPhone(piece[..colon], start, end));
            start = end;
        }

        return phones.Count > 0 ? [.. phones] : throw new InvalidDataException("flite printed no phones; expected some, such as pau:0.159.");
    }

    private InstalledProgram Require() => program.Value
        ?? throw new InvalidDataException("The program flite is not installed; expected it in the PATH (Debian: apt-get install flite).");

    private string Run(params string[] arguments)
    {
        (string output, ProcessEnd end) = Require().Run(arguments, Patience);
        return end.Code == 0 ? output : throw new InvalidDataException($"flite ended with {end.Code}: {end.FirstLine ?? "no message"}");
    }
}
