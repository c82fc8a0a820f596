using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Pages;

/// <summary>An element TextLine: what PAGE-XML and ALTO have in common.</summary>
/// <param name="File">Its file.</param>
/// <param name="Element">The element.</param>
/// <param name="Text">Its text; empty if it is not transcribed.</param>
internal sealed record LineElement(string File, XElement Element, string Text)
{
    private const double Ascent = 0.75; // of the distance between baselines
    private const double Largest = 1e7;
    private const NumberStyles Numbers = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Gets the polygon around the line; null if there is none.</summary>
    public IReadOnlyList<(double X, double Y)>? Outline { get; init; }

    /// <summary>Gets the line on which its letters stand; null if there is none.</summary>
    public IReadOnlyList<(double X, double Y)>? Baseline { get; init; }

    /// <summary>Gets the quarter turns to the right that make the line upright.</summary>
    /// <value>From 0, the default, to 3.</value>
    public int QuarterTurns { get; init; }

    /// <summary>Gets its place, as messages begin.</summary>
    public string Where => Place(File, Element);

    /// <summary>The place of an element.</summary>
    public static string Place(string file, XElement element) => $"{file}:{((IXmlLineInfo)element).LineNumber}";

    /// <summary>The text of a line without the white space of XML: at its ends, and line breaks in it.</summary>
    public static string Trimmed(string text) =>
        string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Parses points such as <c>10,20 50,20 50,40</c>, or with spaces alone.</summary>
    /// <param name="where">The place, for messages.</param>
    /// <param name="name">The name of the attribute, for messages.</param>
    /// <param name="written">The points.</param>
    /// <param name="fewest">The number of points that are needed.</param>
    public static IReadOnlyList<(double X, double Y)> Points(string where, string name, string written, int fewest)
    {
        double?[] numbers = [.. written.Split([' ', ',', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(Number)];
        return numbers.Length % 2 == 0 && numbers.Length >= 2 * fewest && numbers.All(number => number is not null)
            ? [.. numbers.Chunk(2).Select(pair => (pair[0]!.Value, pair[1]!.Value))]
            : throw new InvalidDataException(
                $"{where}: {name} is '{Shortened(written)}'; expected {fewest} points or more, such as 10,20 50,20 50,40.");
    }

    /// <summary>Parses a coordinate; null if it is none.</summary>
    public static double? Number(string? written) =>
        double.TryParse(written?.Trim(), Numbers, CultureInfo.InvariantCulture, out double number) && Math.Abs(number) <= Largest ? number : null;

    /// <summary>Parses an attribute that is a number.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="element">Has the attribute, or not.</param>
    /// <param name="name">The name of the attribute.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="InvalidDataException">It is no number.</exception>
    public static double? Number(string file, XElement element, string name) => (string?)element.Attribute(name) is not { } written ? null
        : Number(written) ?? throw new InvalidDataException($"{Place(file, element)}: {name} is '{Shortened(written)}'; expected a number.");

    /// <summary>Converts an angle to quarter turns to the right.</summary>
    /// <param name="degrees">To the right.</param>
    /// <returns>From 0 to 3; of skewed lines the nearest.</returns>
    public static int ToQuarterTurns(double degrees) => (((int)Math.Round(degrees / 90) % 4) + 4) % 4;

    /// <summary>The rectangle from one corner to the other.</summary>
    public static (double X, double Y)[] Rectangle(double left, double top, double right, double bottom) =>
        [(left, top), (right, top), (right, bottom), (left, bottom)];

    /// <summary>The start of a text, for messages.</summary>
    public static string Shortened(string text) => Texts.Printable.Line(text.Length <= 60 ? text : text[..60] + "…");

    /// <summary>Makes lines of the elements that have a text.</summary>
    /// <param name="elements">Those of one page.</param>
    /// <param name="idName">The name of the attribute that names a line.</param>
    /// <param name="page">The width and height of the page in the units of the coordinates; null if unknown.</param>
    /// <param name="isScaled">Whether the units are not pixels; by default they are.</param>
    /// <exception cref="InvalidDataException">A line has no region, and no baseline with another one in its block.</exception>
    public static IReadOnlyList<PageLine> ToLines(
        IReadOnlyList<LineElement> elements, string idName, (double Width, double Height)? page, bool isScaled = false)
    {
        PageRegion Region(LineElement line) => new(line.Outline ?? line.Band(elements))
        {
            Page = page, IsScaled = isScaled, QuarterTurns = line.QuarterTurns,
        };
        return
        [
            .. elements
                .Select((line, i) => (Line: line, Id: (string?)line.Element.Attribute(idName) ?? $"{i + 1}"))
                .Where(pair => pair.Line.Text.Length > 0)
                .Select(pair => new PageLine(pair.Line.Where, pair.Id, pair.Line.Text, Region(pair.Line))),
        ];
    }

    // The band around the baseline, as high as the baselines of its block are apart.
    private (double X, double Y)[] Band(IReadOnlyList<LineElement> all)
    {
        if (Baseline is null) throw new InvalidDataException($"{Where}: the line has no region; expected a polygon, a box or a baseline.");
        IEnumerable<LineElement> block = all.Where(line => line.Element.Parent == Element.Parent);
        double[] heights = [.. block.Select(line => line.Baseline?.Average(point => point.Y)).OfType<double>().Order()];
        double[] gaps = [.. heights.Zip(heights.Skip(1), (upper, lower) => lower - upper).Where(gap => gap > 0).Order()];
        if (gaps.Length == 0)
        {
            throw new InvalidDataException($"{Where}: the line has a baseline alone; expected a polygon or a box, or other baselines in its block.");
        }

        (double above, double below) = (Ascent * gaps[gaps.Length / 2], (1 - Ascent) * gaps[gaps.Length / 2]);
        return [.. Baseline.Select(point => (point.X, point.Y - above)), .. Baseline.Reverse().Select(point => (point.X, point.Y + below))];
    }
}
