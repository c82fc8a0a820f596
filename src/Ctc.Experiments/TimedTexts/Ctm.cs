using System.Globalization;
using System.Text.RegularExpressions;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.TimedTexts;

/// <summary>
/// CTM, the form of NIST's scoring tools: a line for each part with recording, channel, start, duration and text, and the confidence if it is known.
/// </summary>
public static partial class Ctm
{
    private const string Channel = "1";

    /// <summary>Writes the parts of one recording.</summary>
    /// <param name="name">The recording. Blanks in it become underscores: they separate fields.</param>
    /// <param name="intervals">The parts, in order. A space alone is written as <c>&lt;space&gt;</c>.</param>
    /// <returns>Lines, each with its end.</returns>
    public static string Format(string name, IEnumerable<TimedInterval> intervals)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(intervals);
        return string.Concat(intervals.Select(interval => Line(Field(name), interval)));
    }

    private static string Line(string name, TimedInterval interval)
    {
        string line = string.Create(
            CultureInfo.InvariantCulture, $"{name} {Channel} {interval.Start:f3} {interval.End - interval.Start:f3} {Field(interval.Text)}");
        return interval.Confidence is { } confidence ? string.Create(CultureInfo.InvariantCulture, $"{line} {confidence:f4}\n") : line + "\n";
    }

    private static string Field(string text) => text is " " ? "<space>" : Blanks().Replace(Printable.Line(text), "_");

    [GeneratedRegex(@"\s")]
    private static partial Regex Blanks();
}
