using System.Globalization;
using System.Xml.Linq;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Pages;

/// <summary>PAGE-XML of the PRImA group, from 2010 to 2019.</summary>
/// <param name="file">The file, for messages.</param>
/// <param name="root">Its element PcGts.</param>
/// <remarks>Source: PAGE content schemas 2010-03-19, 2013-07-15 and 2019-07-15, primaresearch.org.</remarks>
internal sealed class PageXml(string file, XElement root)
{
    private readonly XNamespace kind = root.Name.Namespace;

    /// <summary>Parses the page. Lines without text are left out: they are not transcribed.</summary>
    public Page Parse()
    {
        XElement page = root.Element(kind + "Page")
            ?? throw new InvalidDataException($"{LineElement.Place(file, root)}: PcGts has no Page; expected one.");
        string where = LineElement.Place(file, page);
        string image = (string?)page.Attribute("imageFilename") is { Length: > 0 } name ? name
            : throw new InvalidDataException($"{where}: Page has no imageFilename; expected the name of an image.");
        (double, double)? size = (Size(page, "imageWidth"), Size(page, "imageHeight")) is ({ } width, { } height) ? (width, height) : null;
        LineElement[] lines = [.. page.Descendants(kind + "TextLine").Select(Line)];
        return new Page(where, image, null, LineElement.ToLines(lines, "id", size));
    }

    private static double? Size(XElement page, string name) =>
        LineElement.Number((string?)page.Attribute(name)) is > 0 and var size ? size : null;

    private LineElement Line(XElement line) => new(file, line, LineElement.Trimmed(Text(line, " ") ?? ""))
    {
        Outline = Points(line.Element(kind + "Coords"), 3),
        Baseline = Points(line.Element(kind + "Baseline"), 2),
        QuarterTurns = LineElement.ToQuarterTurns(Angle(line, "orientation") + Angle(line, "readingOrientation")),
    };

    // Of the smallest region around the line that has it, or of the page.
    private double Angle(XElement line, string name) =>
        line.Ancestors().Select(around => LineElement.Number(file, around, name)).FirstOrDefault(angle => angle is not null) ?? 0;

    // Some programs write Coords without points where there is a baseline.
    private IReadOnlyList<(double X, double Y)>? Points(XElement? element, int fewest)
    {
        if (element is null) return null;
        string written = (string?)element.Attribute("points")
            ?? string.Join(' ', element.Elements(kind + "Point").Select(point => $"{(string?)point.Attribute("x")},{(string?)point.Attribute("y")}"));
        return written.Length == 0 ? null : LineElement.Points(LineElement.Place(file, element), element.Name.LocalName, written, fewest);
    }

    // Of alternatives the one with the lowest index. Without text of its own an element has that of its parts: words of a line, glyphs of a word.
    private string? Text(XElement element, string between)
    {
        XElement? best = element.Elements(kind + "TextEquiv").OrderBy(Index).FirstOrDefault();
        string?[] forms = [(string?)best?.Element(kind + "Unicode"), (string?)best?.Element(kind + "PlainText")];
        if (forms.FirstOrDefault(form => !string.IsNullOrEmpty(form)) is { } text) return text;
        IEnumerable<XElement> inner = element.Elements().Where(part => part.Name == kind + "Word" || part.Name == kind + "Glyph");
        string?[] parts = [.. inner.Select(part => Text(part, ""))];
        if (parts.All(string.IsNullOrEmpty)) return null;
        return !parts.Any(string.IsNullOrEmpty) ? string.Join(between, parts) : throw new InvalidDataException(
            $"{LineElement.Place(file, element)}: some parts of {element.Name.LocalName} have text, and others none; expected text of all.");
    }

    private static int Index(XElement equivalent) =>
        int.TryParse((string?)equivalent.Attribute("index"), NumberStyles.Integer, CultureInfo.InvariantCulture, out int index) ? index : -1;
}
