using System.Globalization;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.TimedTexts;

/// <summary>Subtitles of SubRip: a number, start and end, and the text, with an empty line after each.</summary>
internal static class Srt
{
    private const string Arrow = "-->";

    public static string Format(IEnumerable<TimedInterval> intervals) => string.Concat(intervals.Select((interval, i) => string.Create(
        CultureInfo.InvariantCulture, $"{i + 1}\n{Time(interval.Start)} {Arrow} {Time(interval.End)}\n{Text(interval.Text)}\n\n")));

    private static string Time(double seconds)
    {
        long milliseconds = (long)Math.Round(seconds * 1000);
        (long minutes, long rest) = Math.DivRem(milliseconds, 60_000);
        return string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:d2}:{minutes % 60:d2}:{rest / 1000:d2},{rest % 1000:d3}");
    }

    // A text line with an arrow would be read as times.
    private static string Text(string text) => Printable.Line(text).Replace(Arrow, "->", StringComparison.Ordinal);
}
