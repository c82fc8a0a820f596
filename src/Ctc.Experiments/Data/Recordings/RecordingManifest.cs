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
    /// <exception cref="InvalidDataException">A line is not as it should be, or a file of sound is not there.</exception>
    public static IReadOnlyList<Recording> Load(string path, SymbolText symbols, string? root = null, bool needsTexts = true) =>
        ParsedOnce.Find<IReadOnlyList<Recording>>(
            (symbols.Rules, root, path, symbols.ListedOutsideFile, needsTexts),
            [.. Directory.Exists(path) ? KaldiFolder.Files(path) : [path], symbols.File],
            () => RefuseEqualIds(Directory.Exists(path) ? Kaldi(path, symbols, root, needsTexts) : Lines(path, symbols, root, needsTexts)));

    private static IReadOnlyList<Recording> Kaldi(string folder, SymbolText symbols, string? root, bool needsTexts) =>
        File.Exists(Path.Combine(folder, KaldiFolder.Sounds))
            ? KaldiFolder.Load(folder, symbols, root, needsTexts)
            : throw new InvalidDataException($"{folder} has no {KaldiFolder.Sounds}; expected a data folder of Kaldi, or a file of JSON Lines.");

    private static Recording[] Lines(string file, SymbolText symbols, string? root, bool needsTexts)
    {
        string folder = root ?? Path.GetDirectoryName(Path.GetFullPath(file))!;
        Recording[] lines =
        [
            .. TextLines.Load(file).Where(line => !string.IsNullOrWhiteSpace(line.Text))
                .Select(line => Parse(line.Where, line.Text, symbols, needsTexts, folder)),
        ];
        return lines.Length > 0 ? lines : throw new InvalidDataException($"{file} has no lines; expected a JSON object in each.");
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

    private static IReadOnlyList<Recording> RefuseEqualIds(IReadOnlyList<Recording> lines)
    {
        LabelledInput.RefuseEqualIds(lines);
        return lines;
    }
}
