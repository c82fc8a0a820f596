using System.Text.Json;
using Ctc.Configuration.Json;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>Reads a line of a label file: the path of an image, or several as a JSON list, a tab, and the text.</summary>
internal static class LabelLine
{
    /// <param name="where">File and line.</param>
    /// <param name="text">The line.</param>
    /// <param name="symbols">Splits texts into symbols.</param>
    /// <param name="image">Finds an image that the line names.</param>
    /// <returns>A line for each image; their texts are equal.</returns>
    /// <exception cref="InvalidDataException">What was found and what was expected, without where.</exception>
    public static IReadOnlyList<ManifestLine> Parse(string where, string text, SymbolText symbols, Func<string, string> image)
    {
        string[] pieces = text.Split('\t');
        var mistakes = new Mistakes();
        string[] written = mistakes.Try(() => Images(pieces)) ?? [];
        string?[] files = [.. written.Select(path => mistakes.Try(() => image(path)))];
        if (pieces.Length != 2) mistakes.Add($"there are {pieces.Length - 1} tabs; expected one, between the path of an image and its text");
        mistakes.Throw();
        IReadOnlyList<string> split = symbols.Split(pieces[1]);
        return [.. written.Zip(files, (path, file) => new ManifestLine(where, path, new ImagePart(file!), split))];
    }

    private static string[] Images(string[] pieces)
    {
        if (pieces.Length < 2) return []; // it is the tab that is missing
        if (!pieces[0].StartsWith('[') || !pieces[0].EndsWith(']')) return [pieces[0]];
        try
        {
            using JsonDocument list = JsonDocument.Parse(pieces[0]);
            IEnumerable<JsonValue> items = new JsonValue("images", list.RootElement).Items("a list");
            string[] images = [.. items.Select(item => item.Text() ?? throw item.Refuse("the path of an image"))];
            return images.Length > 0 ? images : throw new InvalidDataException("images: an empty list; expected at least one path");
        }
        catch (JsonException)
        {
            return [pieces[0]]; // a name in brackets
        }
    }
}
