using System.Globalization;
using System.Text;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.TimedTexts;

/// <summary>The text form of a TextGrid of Praat, with a tier of words, if they are known, and one of tokens.</summary>
/// <remarks>
/// The intervals of a tier fill the recording: what is between two parts of the text has an empty label. An interval must have a duration, so parts
/// without one are joined with the part before, or with the first that has one. Source: the manual of Praat, "TextGrid file formats".
/// </remarks>
internal static class TextGrid
{
    private const double Shortest = 1e-6; // the last digit that is written

    public static string Format(TimedText text)
    {
        (string Name, IReadOnlyList<TimedInterval> Intervals)[] tiers =
            text.Words is { } words ? [("words", words), ("tokens", text.Tokens)] : [("tokens", text.Tokens)];
        double end = Math.Max(text.Duration, tiers.SelectMany(tier => tier.Intervals).Select(interval => interval.End).Append(Shortest).Max());
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0\nxmax = {Number(end)}\n");
        page.Append(CultureInfo.InvariantCulture, $"tiers? <exists>\nsize = {tiers.Length}\nitem []:\n");
        foreach ((int i, (string name, IReadOnlyList<TimedInterval> intervals)) in tiers.Index())
        {
            IReadOnlyList<TimedInterval> filled = Fill(intervals, end);
            page.Append(CultureInfo.InvariantCulture, $"    item [{i + 1}]:\n        class = \"IntervalTier\"\n        name = \"{name}\"\n");
            page.Append(CultureInfo.InvariantCulture, $"        xmin = 0\n        xmax = {Number(end)}\n");
            page.Append(CultureInfo.InvariantCulture, $"        intervals: size = {filled.Count}\n");
            foreach ((int j, TimedInterval interval) in filled.Index())
            {
                page.Append(CultureInfo.InvariantCulture, $"        intervals [{j + 1}]:\n            xmin = {Number(interval.Start)}\n");
                page.Append(CultureInfo.InvariantCulture, $"            xmax = {Number(interval.End)}\n");
                page.Append(CultureInfo.InvariantCulture, $"            text = \"{Label(interval.Text)}\"\n");
            }
        }

        return page.ToString();
    }

    /// <summary>Fills the time from 0 to the end.</summary>
    internal static IReadOnlyList<TimedInterval> Fill(IEnumerable<TimedInterval> intervals, double end)
    {
        var filled = new List<TimedInterval>();
        string without = ""; // labels without a duration, before the first that has one
        double at = 0;
        int last = -1; // the last with a label
        foreach (TimedInterval interval in intervals)
        {
            double start = Math.Max(interval.Start, at);
            if (interval.End - start < Shortest)
            {
                if (last < 0) without = Join(without, interval.Text);
                else filled[last] = filled[last] with { Text = Join(filled[last].Text, interval.Text) };
                continue;
            }

            if (start - at >= Shortest) filled.Add(new TimedInterval("", at, start));
            else start = at;
            (last, at) = (filled.Count, interval.End);
            filled.Add(new TimedInterval(Join(without, interval.Text), start, at));
            without = "";
        }

        if (end - at >= Shortest) filled.Add(new TimedInterval(without, at, end));
        return filled;
    }

    private static string Join(string first, string second) => first.Length == 0 ? second : $"{first} {second}";

    private static string Number(double seconds) => seconds.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Label(string text) => Printable.Line(text).Replace("\"", "\"\"", StringComparison.Ordinal);
}
