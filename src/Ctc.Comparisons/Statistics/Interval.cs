namespace Ctc.Comparisons.Statistics;

/// <summary>A 95 % confidence interval.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The share of intervals that contain the true value, if their assumptions hold.</summary>
    public const double Level = 0.95;

    /// <summary>The probability that is left on each side.</summary>
    internal const double Tail = (1 - Level) / 2;

    /// <summary>Gets half the distance between the ends.</summary>
    public double HalfWidth => (High - Low) / 2;

    /// <summary>Whether it contains a value, ends included.</summary>
    /// <param name="value">Any number.</param>
    /// <returns>True if so.</returns>
    public bool Holds(double value) => Low <= value && value <= High;
}
