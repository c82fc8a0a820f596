using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.Recordings;

/// <summary>Reads the utterances that a path names: JSON Lines, or a data folder of Kaldi.</summary>
internal static class RecordingManifest
{
    /// <summary>Reads and checks every line, but not the sound. Blank lines are passed over.</summary>
    /// <param name="path">A manifest or a folder.</param>
    /// <param name="symbols">Splits texts into symbols.</param>
    /// <param name="root">The folder in which relative paths start; null, the default, for that of the file that names them.</param>
    /// <param name="needsTexts">Whether a line without a text is refused; in a folder of Kaldi it is left out.</param>
    /// <param name="dropped">Receives lines that are not as they should be; null, the default, if they are an error.</param>
    /// <exception cref="InvalidDataException">A line is not as it should be, or a file of sound is not there. All such lines are named.</exception>
    public static IReadOnlyList<Recording> Load(
        string path, SymbolText symbols, string? root = null, bool needsTexts = true, Refusals? dropped = null) => dropped is not null
        ? LoadValid(path, symbols, dropped, root, needsTexts)
        : ParsedOnce.Find<IReadOnlyList<Recording>>(
            (symbols.Rules, root, path, symbols.ListedOutsideFile, needsTexts),
            [.. Directory.Exists(path) ? KaldiFolder.Files(path) : [path], symbols.File],
            () =>
            {
                var refused = new Refusals();
                IReadOnlyList<Recording> lines = LoadValid(path, symbols, refused, root, needsTexts);
                refused.Throw();
                return lines;
            });

    /// <summary>Reads the lines that are as they should be.</summary>
    /// <param name="path">A manifest or a folder.</param>
    /// <param name="symbols">Splits texts into symbols.</param>
    /// <param name="refused">Receives the others.</param>
    /// <param name="root">The folder in which relative paths start; null, the default, for that of the file that names them.</param>
    /// <param name="needsTexts">Whether a line without a text is refused; in a folder of Kaldi it is left out.</param>
    /// <exception cref="InvalidDataException">The file cannot be read, or has no lines at all.</exception>
    public static IReadOnlyList<Recording> LoadValid(
        string path, SymbolText symbols, Refusals refused, string? root = null, bool needsTexts = true) => LabelledInput.WithOwnIds(
            Directory.Exists(path) ? Kaldi(path, symbols, root, needsTexts, refused) : Lines(path, symbols, root, needsTexts, refused), refused);

    private static IReadOnlyList<Recording> Kaldi(string folder, SymbolText symbols, string? root, bool needsTexts, Refusals refused) =>
        File.Exists(Path.Combine(folder, KaldiFolder.Sounds))
            ? KaldiFolder.Load(folder, symbols, root, needsTexts, refused)
            : throw new InvalidDataException($"{folder} has no {KaldiFolder.Sounds}; expected a data folder of Kaldi, or a file of JSON Lines.");

    private static Recording[] Lines(string file, SymbolText symbols, string? root, bool needsTexts, Refusals refused)
    {
        string folder = root ?? Path.GetDirectoryName(Path.GetFullPath(file))!;
        Recording[] lines =
        [
            .. TextLines.Load(file, refused).Where(line => !string.IsNullOrWhiteSpace(line.Text))
                .SelectMany(line => refused.TryOne(() => Parse(line.Where, line.Text, symbols, needsTexts, folder))),
        ];
        return lines.Length > 0 || refused.Count > 0
            ? lines
            : throw new InvalidDataException($"{file} has no lines; expected a JSON object in each.");
    }

    private static Recording Parse(string where, string text, SymbolText symbols, bool needsTexts, string folder)
    {
        try
        {
            return RecordingJson.Parse(where, text, symbols, needsTexts, path => InputPath.Find("recording", path, folder));
        }
        catch (InvalidDataException wrong)
        {
            string sentence = wrong.Message.TrimEnd('.');
            throw new InvalidDataException($"{where}: {sentence}{(sentence.EndsWith('?') ? "" : ".")}", wrong);
        }
    }
}
