using Ctc.Configuration.Identity;
using Ctc.Experiments.Files;
using Ctc.Hosting;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>
/// Reads a manifest: a label file, <c>image path, tab, text</c> in each line, or JSON Lines. The first sign of a JSON Lines file is a brace.
/// </summary>
internal static class ManifestFile
{
    /// <summary>Reads and checks every line, but not the images. Blank lines are passed over.</summary>
    /// <param name="file">The manifest.</param>
    /// <param name="symbols">Splits texts into symbols.</param>
    /// <exception cref="InvalidDataException">The file or a line is not as it should be, or an image is not there.</exception>
    public static IReadOnlyList<ManifestLine> Load(string file, SymbolText symbols) =>
        ParsedOnce.Find<IReadOnlyList<ManifestLine>>(symbols.Form, [file, symbols.File], () => Parse(file, symbols));

    /// <summary>Whether a file is JSON Lines, which can name groups.</summary>
    public static bool IsJson(string file) => TextLines.Load(file).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line.Text)).Text is { } first
        && StartsAsJson(first);

    private static ManifestLine[] Parse(string file, SymbolText symbols)
    {
        (string Where, string Text)[] written = [.. TextLines.Load(file).Where(line => !string.IsNullOrWhiteSpace(line.Text))];
        if (written.Length == 0) throw new InvalidDataException($"{file} has no lines; expected an image and its text in each line.");

        bool isJson = StartsAsJson(written[0].Text);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        ManifestLine[] lines = [.. written.Select(line => Parse(line.Where, line.Text, symbols, isJson, folder))];
        var seen = new Dictionary<string, ManifestLine>();
        foreach (ManifestLine line in lines)
        {
            if (seen.TryAdd(line.Id, line)) continue;
            throw new InvalidDataException($"{line.Where}: the id is '{line.Id}', as at {seen[line.Id].Where}; expected an id of its own.");
        }

        return lines;
    }

    private static bool StartsAsJson(string line) => line.TrimStart()[0] == '{';

    private static ManifestLine Parse(string where, string text, SymbolText symbols, bool isJson, string folder)
    {
        try
        {
            return isJson ? ManifestJson.Parse(where, text, symbols, Find) : Label(where, text, symbols, Find);
        }
        catch (InvalidDataException wrong)
        {
            string sentence = wrong.Message.TrimEnd('.');
            throw new InvalidDataException($"{where}: {sentence}{(sentence.EndsWith('?') ? "" : ".")}", wrong);
        }

        string Find(string image)
        {
            if (image.Length == 0 || image.Contains('\0', StringComparison.Ordinal))
            {
                throw new InvalidDataException("there is no path of an image; expected one");
            }
            string path = Path.GetFullPath(image, folder);
            if (FileStamp.FindContent(path) is not null) return path;
            if (Directory.Exists(path)) throw new InvalidDataException($"the image is {image}; expected a file, but {path} is a folder");
            if (!File.Exists(path)) throw new InvalidDataException($"the image is {image}; expected a file, but {path} does not exist");
            if (!RegularFile.IsHollow(path)) return path;
            throw new InvalidDataException($"the image is {image}; expected an image, but {path} is empty, or a pipe or a device");
        }
    }

    private static ManifestLine Label(string where, string text, SymbolText symbols, Func<string, string> image)
    {
        string[] pieces = text.Split('\t');
        var mistakes = new Mistakes();
        string? file = pieces.Length > 1 ? mistakes.Try(() => image(pieces[0])) : null;
        if (pieces.Length != 2) mistakes.Add($"there are {pieces.Length - 1} tabs; expected one, between the path of an image and its text");
        mistakes.Throw();
        return new ManifestLine(where, pieces[0], file!, symbols.Split(pieces[1]));
    }
}
