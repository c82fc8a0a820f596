using System.Globalization;
using System.Xml.Linq;
using Ctc.Experiments.Readings;

namespace Ctc.Comparisons.Reports.Pages;

/// <summary>Writes a line that several models read as HTML: pairs of what is there and what was read, which wrap at any width.</summary>
/// <remarks>A line whose first letter is written from right to left is drawn so.</remarks>
internal static class ReadingHtml
{
    // Of one pair: letters that are joined in writing stay together as far as a word goes.
    private const int MostSymbols = 16;

    private const double LeastHeight = 32, MostHeight = 480; // of an image, in CSS pixels

    public static XElement Render(ReadLine line) => new(
        "section",
        new XAttribute("class", "reading"),
        HtmlPage.Text("h3", line.Name),
        line.Strips.Count == 0 ? null : Image(line),
        line.Readings.Select(reading => new[]
        {
            HtmlPage.Text("p", reading.Heading),
            new XElement("div", new XAttribute("dir", "auto"), "", Pieces(reading.Pairs).Select(Render)),
        }));

    // Strips as wide as the page has room for, the first one where the line begins.
    private static XElement Image(ReadLine line) => new(
        "div",
        new XAttribute("class", "line"),
        new XAttribute("dir", line.IsRightToLeft ? "rtl" : "ltr"),
        new XAttribute("role", "img"),
        new XAttribute("aria-label", $"The image of the line {HtmlPage.Clean(line.Name)}"),
        (line.IsRightToLeft ? line.Strips.Reverse() : line.Strips).Select(strip =>
        {
            double scale = Math.Min(Math.Max(1, LeastHeight / strip.Height), MostHeight / strip.Height);
            return new XElement(
                "img",
                new XAttribute("src", HtmlPage.Data(strip.Png)),
                new XAttribute("alt", ""),
                new XAttribute("width", Math.Round(scale * strip.Width).ToString(CultureInfo.InvariantCulture)),
                new XAttribute("height", Math.Round(scale * strip.Height).ToString(CultureInfo.InvariantCulture)));
        }));

    private static XElement Render(IReadOnlyList<ReadPair> piece)
    {
        string there = string.Concat(piece.Select(pair => pair.ShownReference)), read = string.Concat(piece.Select(pair => pair.ShownHypothesis));
        return piece[0].IsRight
            ? new XElement("span", new XAttribute("class", "pair"), HtmlPage.Text("span", there), HtmlPage.Text("span", read))
            : new XElement("span", new XAttribute("class", "pair wrong"), HtmlPage.Text("del", there), HtmlPage.Text("ins", read));
    }

    // Words that are right, and each difference by itself.
    private static IEnumerable<IReadOnlyList<ReadPair>> Pieces(IReadOnlyList<ReadPair> pairs)
    {
        List<ReadPair> right = [];
        foreach (ReadPair pair in pairs)
        {
            if (pair.IsRight) right.Add(pair);
            bool isEnd = !pair.IsRight || right.Count == MostSymbols || string.IsNullOrWhiteSpace(pair.Reference);
            if (isEnd && right.Count > 0)
            {
                yield return right;
                right = [];
            }

            if (!pair.IsRight) yield return [pair];
        }

        if (right.Count > 0) yield return right;
    }
}
