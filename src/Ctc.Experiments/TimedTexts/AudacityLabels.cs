using System.Globalization;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.TimedTexts;

/// <summary>A label track of Audacity: start, end and label in each line, separated by tabs.</summary>
internal static class AudacityLabels
{
    public static string Format(IEnumerable<TimedInterval> intervals) => string.Concat(intervals.Select(interval => string.Create(
        CultureInfo.InvariantCulture, $"{interval.Start:f6}\t{interval.End:f6}\t{Printable.Line(interval.Text)}\n")));
}
