using System.Text;
using System.Xml.Linq;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Pages;

/// <summary>ALTO of the Library of Congress, versions 1 to 4.</summary>
/// <param name="file">The file, for messages.</param>
/// <param name="root">Its element alto.</param>
/// <remarks>Source: ALTO schemas 2.1, 3.1 and 4.4, www.loc.gov/standards/alto.</remarks>
internal sealed class Alto(string file, XElement root)
{
    private static readonly string[] Units = ["pixel", "mm10", "inch1200"];

    private static readonly string[] BoxNames = ["HPOS", "VPOS", "WIDTH", "HEIGHT"];

    private readonly XNamespace kind = root.Name.Namespace;

    /// <summary>Parses the pages. Lines without text are left out.</summary>
    public IReadOnlyList<Page> Parse()
    {
        XElement? description = root.Element(kind + "Description");
        XElement? measured = description?.Element(kind + "MeasurementUnit");
        string unit = measured?.Value.Trim() ?? Units[0];
        if (!Units.Contains(unit))
        {
            string where = LineElement.Place(file, measured!), expected = string.Join(", ", Units);
            throw new InvalidDataException($"{where}: MeasurementUnit is '{LineElement.Shortened(unit)}'; expected one of {expected}.");
        }

        string? image = description?.Element(kind + "sourceImageInformation")?.Element(kind + "fileName")?.Value.Trim();
        XElement[] pages = [.. root.Element(kind + "Layout")?.Elements(kind + "Page") ?? []];
        if (pages.Length == 0) throw new InvalidDataException($"{LineElement.Place(file, root)}: alto has no Page in a Layout; expected one.");
        string? name = image is { Length: > 0 } ? image : null;
        return [.. pages.Select((page, i) => Parse(page, name, pages.Length > 1 ? i + 1 : null, isScaled: unit != Units[0]))];
    }

    private Page Parse(XElement page, string? image, int? number, bool isScaled)
    {
        string where = LineElement.Place(file, page);
        (double?, double?) written = (Number(page, "WIDTH"), Number(page, "HEIGHT"));
        (double, double)? size = written is (> 0 and { } width, > 0 and { } height) ? (width, height) : null;
        if (isScaled && size is null)
        {
            throw new InvalidDataException($"{where}: Page has no WIDTH and HEIGHT; expected them, because the unit is not the pixel.");
        }

        LineElement[] lines = [.. page.Descendants(kind + "TextLine").Select(Line)];
        return new Page(
            where, image, number, LineElement.ToLines(lines, "ID", points => new PageRegion(points) { Page = size, IsScaled = isScaled }));
    }

    private LineElement Line(XElement line) =>
        new(file, line, LineElement.Trimmed(Text(line))) { Outline = Polygon(line) ?? Box(line), Baseline = Baseline(line) };

    // Without an SP, words follow each other with a space.
    private string Text(XElement line)
    {
        var text = new StringBuilder();
        bool isSpaced = line.Element(kind + "SP") is not null;
        foreach (XElement part in line.Elements())
        {
            switch (part.Name.LocalName)
            {
                case "SP":
                    text.Append(' ');
                    break;
                case "String" or "HYP":
                    if (!isSpaced && text.Length > 0 && part.Name.LocalName == "String") text.Append(' ');
                    text.Append((string?)part.Attribute("CONTENT") ?? throw new InvalidDataException(
                        $"{LineElement.Place(file, part)}: {part.Name.LocalName} has no CONTENT; expected its text."));
                    break;
            }
        }

        return text.ToString();
    }

    private IReadOnlyList<(double X, double Y)>? Polygon(XElement line) =>
        line.Element(kind + "Shape")?.Element(kind + "Polygon") is { } polygon
            ? LineElement.Points(LineElement.Place(file, polygon), "POINTS", (string?)polygon.Attribute("POINTS") ?? "", 3)
            : null;

    private (double X, double Y)[]? Box(XElement line)
    {
        double?[] box = [.. BoxNames.Select(name => Number(line, name))];
        if (box is not [{ } left, { } top, { } width, { } height]) return null;
        return [(left, top), (left + width, top), (left + width, top + height), (left, top + height)];
    }

    // Up to version 4.0 it is one number, and the box is then required.
    private IReadOnlyList<(double X, double Y)>? Baseline(XElement line) =>
        (string?)line.Attribute("BASELINE") is { } written && LineElement.Number(written) is null
            ? LineElement.Points(LineElement.Place(file, line), "BASELINE", written, 2)
            : null;

    private double? Number(XElement element, string name) => (string?)element.Attribute(name) is not { } written ? null
        : LineElement.Number(written) ?? throw new InvalidDataException(
            $"{LineElement.Place(file, element)}: {name} is '{LineElement.Shortened(written)}'; expected a number.");
}
