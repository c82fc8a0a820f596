using Ctc.Experiments.Data.Pages;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>
/// Reads the lines that a path names: a label file, <c>image path, tab, text</c> in each line; JSON Lines, whose first sign is a brace; PAGE-XML or
/// ALTO; or a folder.
/// </summary>
internal static class ManifestFile
{
    /// <summary>Reads and checks every line, but not the images. Blank lines are passed over.</summary>
    /// <param name="file">The manifest, or a folder.</param>
    /// <param name="symbols">Splits texts into symbols.</param>
    /// <param name="root">The folder in which paths of images start; null, the default, for that of the file that names them.</param>
    /// <param name="needsTexts">Whether a line of a manifest without a text is refused, and not an image whose text is empty.</param>
    /// <param name="dropped">Receives lines that are not as they should be; null, the default, if they are an error.</param>
    /// <exception cref="InvalidDataException">The file or lines are not as they should be, or images are not there; all are named.</exception>
    public static IReadOnlyList<ManifestLine> Load(
        string file, SymbolText symbols, string? root = null, bool needsTexts = true, Refusals? dropped = null)
    {
        if (dropped is not null) return LoadValid(file, symbols, dropped, root, needsTexts);
        IEnumerable<string> texts = Directory.Exists(file) ? LineFolder.Texts(file) : [file];
        return ParsedOnce.Find(
            (symbols.Rules, root, file, symbols.ListedOutsideFile, needsTexts), [.. texts, symbols.File], () =>
        {
            var refused = new Refusals();
            IReadOnlyList<ManifestLine> lines = LoadValid(file, symbols, refused, root, needsTexts);
            refused.Throw();
            return lines;
        });
    }

    /// <summary>Reads the lines that are as they should be.</summary>
    /// <param name="file">The manifest, or a folder.</param>
    /// <param name="symbols">Splits texts into symbols.</param>
    /// <param name="refused">Receives the others.</param>
    /// <param name="root">The folder in which paths of images start; null, the default, for that of the file that names them.</param>
    /// <param name="needsTexts">Whether a line of a manifest without a text is refused, and not an image whose text is empty.</param>
    /// <exception cref="InvalidDataException">The file cannot be read, or has no lines at all.</exception>
    public static IReadOnlyList<ManifestLine> LoadValid(
        string file, SymbolText symbols, Refusals refused, string? root = null, bool needsTexts = true) =>
        LabelledInput.WithOwnIds(Parse(file, symbols, refused, root, needsTexts), refused);

    /// <summary>Whether its lines may have groups.</summary>
    public static bool IsGrouped(string file) =>
        Directory.Exists(file) || (!PageFile.IsXml(file) && FirstLine(file) is { } first && StartsAsJson(first));

    private static string? FirstLine(string file) => TextLines.Load(file).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line.Text)).Text;

    private static bool StartsAsJson(string line) => line.TrimStart()[0] == '{';

    private static IReadOnlyList<ManifestLine> Parse(string file, SymbolText symbols, Refusals refused, string? root, bool needsTexts)
    {
        if (Directory.Exists(file)) return LineFolder.Load(file, symbols, root, refused);
        if (File.Exists(file) && PageFile.IsXml(file)) return Page(file, symbols, root);
        (string Where, string Text)[] written = [.. TextLines.Load(file, refused).Where(line => !string.IsNullOrWhiteSpace(line.Text))];
        bool isEmpty = written.Length == 0 && refused.Count == 0;
        if (isEmpty) throw new InvalidDataException($"{file} has no lines; expected an image and its text in each line.");

        bool isJson = written.Length > 0 && StartsAsJson(written[0].Text);
        string folder = root ?? Path.GetDirectoryName(Path.GetFullPath(file))!;
        return [.. written.SelectMany(line => refused.Try(() => Parse(line.Where, line.Text, symbols, needsTexts, isJson, folder)))];
    }

    private static IReadOnlyList<ManifestLine> Page(string file, SymbolText symbols, string? root) =>
        PageLines.Load(file, Path.GetFileName(file), symbols, root) switch
        {
            null => throw new InvalidDataException($"{file} is XML of another kind; expected PAGE-XML or ALTO."),
            [] => throw new InvalidDataException($"{file} has no line with a text; expected at least one."),
            var lines => lines,
        };

    private static IReadOnlyList<ManifestLine> Parse(
        string where, string text, SymbolText symbols, bool needsText, bool isJson, string folder)
    {
        try
        {
            if (isJson) return [ManifestJson.Parse(where, text, symbols, needsText, Find)];
            bool isComplete = needsText || text.Contains('\t', StringComparison.Ordinal);
            return LabelLine.Parse(where, isComplete ? text : text + '\t', symbols, Find);
        }
        catch (InvalidDataException wrong)
        {
            string sentence = wrong.Message.TrimEnd('.');
            throw new InvalidDataException($"{where}: {sentence}{(sentence.EndsWith('?') ? "" : ".")}", wrong);
        }

        string Find(string image) => InputPath.Find("image", image, folder);
    }
}
