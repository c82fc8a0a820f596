using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.Pages;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>The lines of a description of pages.</summary>
internal static class PageLines
{
    /// <summary>Reads PAGE-XML or ALTO.</summary>
    /// <param name="file">XML.</param>
    /// <param name="name">The name of the file in the ids of its lines.</param>
    /// <param name="symbols">Splits texts into symbols.</param>
    /// <param name="root">The folder in which paths of images start; null for that of the file.</param>
    /// <returns>Lines without groups; null if it is XML of another kind.</returns>
    /// <exception cref="InvalidDataException">The file is not as it should be, or has no image.</exception>
    public static IReadOnlyList<ManifestLine>? Load(string file, string name, SymbolText symbols, string? root) =>
        PageFile.Load(file) is { } pages
            ? [.. pages.Where(page => page.Lines.Count > 0).SelectMany(page => Lines(page, file, name, symbols, root))]
            : null;

    private static IEnumerable<ManifestLine> Lines(Page page, string file, string name, SymbolText symbols, string? root)
    {
        string image = Image(page, Path.GetFullPath(file), root);
        return page.Lines.Select(line => new ManifestLine(
            line.Where,
            $"{name}#{line.Id}",
            new ImagePart(image) { Page = page.Number, Region = line.Region },
            symbols.Split(line.Text)));
    }

    // Programs write the path on their own machine: then the name counts, or that of the file of XML. Some put XML in a folder beside the images.
    private static string Image(Page page, string file, string? root)
    {
        string beside = Path.GetDirectoryName(file)!, stem = Path.GetFileNameWithoutExtension(file);
        string?[] folders = root is null ? [beside, Path.GetDirectoryName(beside)] : [root];
        string?[] names = [page.Image, Path.GetFileName(page.Image?.Replace('\\', '/')), .. ImageFile.Extensions.Select(kind => stem + kind)];
        IEnumerable<string> places =
            from folder in folders.OfType<string>()
            from name in names.Where(name => !string.IsNullOrEmpty(name)).OfType<string>()
            select Path.GetFullPath(name, folder);
        return InputPath.Find(page.Where, "image", places.FirstOrDefault(File.Exists) ?? page.Image ?? stem + ImageFile.Extensions[0], folders[0]!);
    }
}
