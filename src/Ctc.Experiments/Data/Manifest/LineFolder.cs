using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.Pages;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>Reads a folder and those in it: images beside their texts, <c>0001.png</c> and <c>0001.gt.txt</c>, and descriptions of pages.</summary>
internal static class LineFolder
{
    private const string TextExtension = ".gt.txt";
    private const string PageExtension = ".xml";
    private const int Deepest = 32; // a link to a folder above would not end

    // What some programs add to the name of an image that they prepared.
    private static readonly string[] Prepared = ["", ".bin", ".nrm"];

    private static readonly EnumerationOptions AllFiles = new()
    {
        RecurseSubdirectories = true, MaxRecursionDepth = Deepest, IgnoreInaccessible = false, MatchCasing = MatchCasing.CaseSensitive,
    };

    /// <summary>Reads all pairs and pages, in the order of their paths. Other files are left out, as are images without a text.</summary>
    /// <remarks>The group of a line is the folder of its file; a page that is in no folder of the tree is a group of its own.</remarks>
    /// <param name="folder">The folder.</param>
    /// <param name="symbols">Splits texts into symbols.</param>
    /// <param name="root">The folder in which paths of images in pages start; null for those of the pages.</param>
    /// <param name="refused">Receives texts without an image, and pages that are not as they should be.</param>
    /// <exception cref="InvalidDataException">There is no line, nor one that is refused.</exception>
    public static IReadOnlyList<ManifestLine> Load(string folder, SymbolText symbols, string? root, Refusals refused)
    {
        string[] files = Files(folder);
        ILookup<string, string> images = files.Where(IsImage).ToLookup(file => Path.ChangeExtension(file, null));
        ManifestLine[] lines = [.. files.SelectMany(file => IsPair(file) ? refused.TryOne(() => Pair(file, folder, images, symbols))
            : IsPage(file) ? refused.Try(() => Page(file, folder, symbols, root)) : [])];
        return lines.Length > 0 || refused.Count > 0 ? lines : throw new InvalidDataException(
            $"{folder} has no lines; expected images with a text, such as 0001.png and 0001{TextExtension}, or PAGE-XML or ALTO.");
    }

    /// <summary>The files that say what the lines are, in the order of their paths.</summary>
    /// <exception cref="InvalidDataException">The folder cannot be read.</exception>
    public static IEnumerable<string> Texts(string folder) => Files(folder).Where(file => IsPair(file) || IsPage(file));

    private static string[] Files(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*", AllFiles).Order(StringComparer.Ordinal)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{folder} cannot be read: {failure.Message}", failure);
        }
    }

    private static bool IsPair(string file) => file.EndsWith(TextExtension, StringComparison.OrdinalIgnoreCase);

    private static bool IsPage(string file) => file.EndsWith(PageExtension, StringComparison.OrdinalIgnoreCase);

    private static bool IsImage(string file) => ImageFile.Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private static ManifestLine Pair(string file, string folder, ILookup<string, string> images, SymbolText symbols)
    {
        string stem = file[..^TextExtension.Length], name = Path.GetFileName(stem);
        string[] found = Prepared.Select(kind => images[stem + kind].ToArray()).FirstOrDefault(some => some.Length > 0) ?? [];
        if (found.Length == 0) throw new InvalidDataException($"{file} has no image; expected {name}.png beside it, or another format.");
        if (found.Length > 1)
        {
            throw new InvalidDataException(
                $"{file} has the images {string.Join(" and ", found.Select(Path.GetFileName))}; expected one.");
        }

        (string Where, string Text)[] written = [.. TextLines.Load(file)];
        if (written.Skip(1).FirstOrDefault(line => line.Text.Length > 0).Where is { } second)
        {
            throw new InvalidDataException($"{second}: there is a second line of text; expected one.");
        }

        string image = InputPath.Find(file, "image", found[0], folder);
        return new ManifestLine($"{file}:1", Relative(folder, image), new ImagePart(image), symbols.Split(written.FirstOrDefault().Text ?? ""))
        {
            Group = Relative(folder, Path.GetDirectoryName(image)!) is not "." and var group ? group : null,
        };
    }

    private static ManifestLine[] Page(string file, string folder, SymbolText symbols, string? root)
    {
        string name = Relative(folder, file);
        string group = Path.GetDirectoryName(name) is { Length: > 0 } above ? above.Replace('\\', '/') : name;
        return [.. (PageLines.Load(file, name, symbols, root) ?? []).Select(line => line with { Group = group })];
    }

    private static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');
}
