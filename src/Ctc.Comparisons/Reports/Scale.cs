using System.Globalization;
using Ctc.Comparisons.Statistics;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Reports;

/// <summary>The unit and number format of a quantity.</summary>
/// <param name="Unit">The unit of a value.</param>
/// <param name="DifferenceUnit">The unit of a difference of two values.</param>
/// <param name="Factor">The factor from the number to its unit.</param>
/// <param name="Decimals">The number of decimals if the precision is not known.</param>
internal sealed record Scale(string Unit, string DifferenceUnit, double Factor, int Decimals)
{
    /// <summary>Shares: in per cent, their differences in percentage points.</summary>
    public static readonly Scale Share = new("%", "points", 100, 2);

    /// <summary>Natural logarithms.</summary>
    public static readonly Scale Nats = new("nats", "nats", 1, 4);

    /// <summary>Times.</summary>
    public static readonly Scale Milliseconds = new("ms", "ms", 1, 1);

    /// <summary>Places in an utterance whose frames are no time, such as the columns of an image.</summary>
    public static readonly Scale Frames = new("frames", "frames", 1, 2);

    /// <summary>The scale of a metric that an experiment names.</summary>
    /// <param name="unit">% for shares; any other unit, or an empty text.</param>
    public static Scale FromUnit(string unit) => unit == MetricValue.PerCent ? Share : new Scale(unit, unit, 1, 4);

    /// <summary>Appends a unit to a text, if there is one: <c>mean over seeds, %</c>.</summary>
    public static string Label(string text, string unit) => unit.Length == 0 ? text : $"{text}, {unit}";

    /// <summary>A p-value.</summary>
    public static string P(double? p) => p switch
    {
        null => "–",
        < 0.001 => "< 0.001",
        { } value => value.ToString("f3", CultureInfo.InvariantCulture),
    };

    /// <summary>A value with half the width of its interval, two figures of it: <c>3.66 ± 0.21</c>.</summary>
    public string Spread(double value, Interval? interval) => interval is { } known
        ? $"{Text(value, Digits(known))} ± {Text(known.HalfWidth, Digits(known))}"
        : Text(value, Decimals);

    /// <summary>An interval by its ends: <c>3.45 to 3.87</c>.</summary>
    public string Range(Interval? interval) => interval is { } known ? $"{Text(known.Low, Digits(known))} to {Text(known.High, Digits(known))}" : "–";

    /// <inheritdoc cref="Spread(double, Interval?)"/>
    public string Spread(SampleMean sample) => Spread(sample.Mean, sample.Interval);

    /// <summary>A number without an interval, with two figures: <c>0.21</c>.</summary>
    public string Figures(double value)
    {
        double size = Math.Abs(Factor * value);
        return Text(value, size > 0 ? TwoFigures(size) : Decimals);
    }

    private int Digits(Interval interval)
    {
        double half = Factor * interval.HalfWidth;
        return half > 0 ? TwoFigures(half) : Decimals;
    }

    private static int TwoFigures(double size) => Math.Clamp(1 - (int)Math.Floor(Math.Log10(size)), 0, 6);

    private string Text(double value, int decimals)
    {
        string text = Math.Round(Factor * value, decimals).ToString($"f{decimals}", CultureInfo.InvariantCulture);
        bool isZero = text.All(letter => letter is '-' or '0' or '.');
        return isZero ? text.TrimStart('-') : text.Replace('-', '−');
    }
}
