namespace Ctc.Comparisons.Statistics;

/// <summary>A 95 % confidence interval.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The share of intervals that hold the true value, where their assumptions do.</summary>
    public const double Level = 0.95;

    /// <summary>The probability that is left on each side.</summary>
    internal const double Tail = (1 - Level) / 2;

    /// <summary>Gets half the distance between the ends.</summary>
    public double HalfWidth => (High - Low) / 2;

    /// <summary>Whether a value lies in it, ends included.</summary>
    /// <param name="value">Any number.</param>
    /// <returns>True where it does.</returns>
    public bool Holds(double value) => Low <= value && value <= High;
}
