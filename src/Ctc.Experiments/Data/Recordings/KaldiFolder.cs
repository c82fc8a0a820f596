using System.Globalization;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.Recordings;

/// <summary>
/// Reads a data folder of Kaldi: <c>wav.scp</c> (recording and path), <c>text</c> (utterance and words), and perhaps <c>segments</c> (utterance,
/// recording, start and end in seconds) and <c>utt2spk</c> (utterance and speaker).
/// </summary>
internal static class KaldiFolder
{
    /// <summary>The file by which such a folder is known.</summary>
    public const string Sounds = "wav.scp";

    private const string Texts = "text", Segments = "segments", Speakers = "utt2spk";

    /// <summary>The files of a folder that say what its utterances are.</summary>
    public static IEnumerable<string> Files(string folder) =>
        new[] { Sounds, Texts, Segments, Speakers }.Select(name => Path.Combine(folder, name)).Where(File.Exists);

    /// <summary>Reads all utterances that have sound, in the order of <c>segments</c>, or else of <c>wav.scp</c>.</summary>
    /// <param name="folder">A folder with <c>wav.scp</c>.</param>
    /// <param name="symbols">Splits texts into symbols.</param>
    /// <param name="root">The folder in which relative paths start; null for the folder itself.</param>
    /// <param name="needsTexts">Whether an utterance without a text is left out, as in Kaldi, and not one whose text is empty.</param>
    /// <param name="refused">Receives lines and utterances that are not as they should be.</param>
    /// <exception cref="InvalidDataException">A file cannot be read; or there is no utterance, nor one that is refused.</exception>
    public static IReadOnlyList<Recording> Load(string folder, SymbolText symbols, string? root, bool needsTexts, Refusals refused)
    {
        Dictionary<string, (string Where, string Text)> sounds = Table(folder, Sounds, refused), segments = Table(folder, Segments, refused);
        Dictionary<string, (string Where, string Text)> texts = Table(folder, Texts, refused), speakers = Table(folder, Speakers, refused);
        bool hasSegments = File.Exists(Path.Combine(folder, Segments));
        Recording[] all =
        [
            .. (hasSegments ? segments : sounds).Where(utterance => !needsTexts || texts.ContainsKey(utterance.Key))
                .SelectMany(utterance => refused.TryOne(() => Read(utterance.Key, utterance.Value.Where, utterance.Value.Text))),
        ];
        return all.Length > 0 || refused.Count > 0 ? all : throw new InvalidDataException(
            $"{folder} has no utterance with a text; expected lines of {Texts} with the names of those of {(hasSegments ? Segments : Sounds)}.");

        Recording Read(string name, string where, string rest)
        {
            Recording whole = new(where, name, "", symbols.Split(texts.GetValueOrDefault(name).Text ?? ""))
            {
                Group = speakers.GetValueOrDefault(name).Text,
            };
            return hasSegments ? Piece(whole, rest, sounds, root ?? folder) : whole with { Sound = Find(where, rest, root ?? folder) };
        }
    }

    private static Recording Piece(Recording utterance, string rest, Dictionary<string, (string Where, string Text)> sounds, string folder)
    {
        string[] words = rest.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        double start = 0, end = 0;
        bool isTimed = words.Length == 3 && TryParse(words[1], out start) && TryParse(words[2], out end) && start >= 0 && end > start;
        if (!isTimed)
        {
            throw new InvalidDataException(
                $"{utterance.Where}: '{rest}' follows the name; expected a recording, its start and its end in seconds.");
        }

        return sounds.TryGetValue(words[0], out (string Where, string Path) sound)
            ? utterance with { Sound = Find(utterance.Where, sound.Path, folder), Offset = start, Duration = end - start }
            : throw new InvalidDataException($"{utterance.Where}: the recording is '{words[0]}'; expected one of {Sounds}.");
    }

    private static bool TryParse(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private static string Find(string where, string path, string folder) => path.EndsWith('|')
        ? throw new InvalidDataException($"{where}: '{path}' is a command, and none is run; expected the path of a file of sound.")
        : InputPath.Find(where, "recording", path, folder);

    // The lines of a file by their first word; none if there is no such file.
    private static Dictionary<string, (string Where, string Text)> Table(string folder, string name, Refusals refused)
    {
        Dictionary<string, (string, string)> table = [];
        string file = Path.Combine(folder, name);
        if (!File.Exists(file)) return table;
        foreach ((string where, string text) in TextLines.Load(file, refused).Where(line => !string.IsNullOrWhiteSpace(line.Text)))
        {
            string line = text.Trim();
            int end = line.AsSpan().IndexOfAny(' ', '\t');
            string key = end < 0 ? line : line[..end];
            if (!table.TryAdd(key, (where, end < 0 ? "" : line[end..].Trim()))) refused.Add($"{where}: '{key}' has a line already; expected one.");
        }

        return table;
    }
}
