using System.Text;
using System.Xml.Linq;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Pages;

/// <summary>ALTO of the Library of Congress, versions 1 to 5.</summary>
/// <param name="file">The file, for messages.</param>
/// <param name="root">Its element alto.</param>
/// <remarks>Source: ALTO schemas 2.1, 3.1, 4.4 and 5.0, www.loc.gov/standards/alto.</remarks>
internal sealed class Alto(string file, XElement root)
{
    private static readonly string[] Units = ["pixel", "mm10", "inch1200"];

    private static readonly string[] BoxNames = ["HPOS", "VPOS", "WIDTH", "HEIGHT"];

    private const int EllipsePoints = 64;
    private const string SoftHyphen = "\u00AD";

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
        return new Page(where, image, number, LineElement.ToLines(lines, "ID", size, isScaled));
    }

    private LineElement Line(XElement line) => new(file, line, LineElement.Trimmed(Text(line)))
    {
        Outline = Shape(line) ?? Box(line) ?? BoxOfParts(line),
        Baseline = Baseline(line),
        QuarterTurns = LineElement.ToQuarterTurns(Rotation(line)),
    };

    // Of the text, to the left: that of the smallest block around the line that has it, or of the page.
    private double Rotation(XElement line) =>
        line.Ancestors().Select(around => Number(around, "ROTATION")).FirstOrDefault(angle => angle is not null) ?? 0;

    // Without an SP, words follow each other with a space. The soft hyphen of a HYP is printed as a hyphen.
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
                    string content = (string?)part.Attribute("CONTENT") ?? throw new InvalidDataException(
                        $"{LineElement.Place(file, part)}: {part.Name.LocalName} has no CONTENT; expected its text.");
                    text.Append(part.Name.LocalName == "HYP" && content == SoftHyphen ? "-" : content);
                    break;
            }
        }

        return text.ToString();
    }

    private IReadOnlyList<(double X, double Y)>? Shape(XElement line)
    {
        XElement? shape = line.Element(kind + "Shape")?.Elements().FirstOrDefault();
        double Length(string name) => Number(shape!, name) ?? throw new InvalidDataException(
            $"{LineElement.Place(file, shape!)}: {shape!.Name.LocalName} has no {name}; expected a number.");
        return shape?.Name.LocalName switch
        {
            "Polygon" => LineElement.Points(LineElement.Place(file, shape), "POINTS", (string?)shape.Attribute("POINTS") ?? "", 3),
            "Ellipse" => Ellipse(Length("HPOS"), Length("VPOS"), Length("HLENGTH") / 2, Length("VLENGTH") / 2, Number(shape, "ROTATION") ?? 0),
            "Circle" => Ellipse(Length("HPOS"), Length("VPOS"), Length("RADIUS"), Length("RADIUS"), 0),
            _ => null,
        };
    }

    // Around the centre, turned to the left by an angle in degrees.
    private static (double X, double Y)[] Ellipse(double x, double y, double across, double down, double angle)
    {
        (double sine, double cosine) = Math.SinCos(angle * Math.PI / 180);
        return [.. Enumerable.Range(0, EllipsePoints).Select(i =>
        {
            (double s, double c) = Math.SinCos(2 * Math.PI * i / EllipsePoints);
            return (x + (cosine * across * c) + (sine * down * s), y - (sine * across * c) + (cosine * down * s));
        })];
    }

    private (double X, double Y)[]? Box(XElement element)
    {
        double?[] box = [.. BoxNames.Select(name => Number(element, name))];
        return box is [{ } left, { } top, { } width, { } height] ? LineElement.Rectangle(left, top, left + width, top + height) : null;
    }

    // The box around the words of a line that has none of its own.
    private (double X, double Y)[]? BoxOfParts(XElement line)
    {
        (double X, double Y)[] corners =
            [.. line.Elements().Where(part => part.Name.LocalName != "SP").SelectMany(part => Shape(part) ?? Box(part) ?? [])];
        return corners.Length == 0 ? null : LineElement.Rectangle(
            corners.Min(corner => corner.X), corners.Min(corner => corner.Y), corners.Max(corner => corner.X), corners.Max(corner => corner.Y));
    }

    // Up to version 4.0 it is one number, and the box is then required.
    private IReadOnlyList<(double X, double Y)>? Baseline(XElement line) =>
        (string?)line.Attribute("BASELINE") is { } written && LineElement.Number(written) is null
            ? LineElement.Points(LineElement.Place(file, line), "BASELINE", written, 2)
            : null;

    private double? Number(XElement element, string name) => LineElement.Number(file, element, name);
}
