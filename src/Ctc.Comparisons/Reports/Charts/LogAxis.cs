using System.Globalization;
using ScottPlot.TickGenerators;

namespace Ctc.Comparisons.Reports.Charts;

/// <summary>A logarithmic axis: positions are decimal logarithms, and labels are values.</summary>
/// <param name="Values">Round values, from below the smallest to above the largest.</param>
internal sealed record LogAxis(IReadOnlyList<double> Values)
{
    private const double LeastRange = 20;
    private const int MostDecadesOfThree = 3; // ticks in a decade

    private static readonly double[] Three = [1, 2, 5], One = [1];

    /// <summary>Gets the labels of the values.</summary>
    public IReadOnlyList<string> Labels => [.. Values.Select(value => value.ToString("0.#########", CultureInfo.InvariantCulture))];

    /// <summary>Gets a tick at each value.</summary>
    public NumericManual Ticks => new([.. Values.Select(Math.Log10)], [.. Labels]);

    /// <summary>Decides whether values need one; null if not: if one is not above 0, or if they are all of one size.</summary>
    /// <param name="values">The values of a chart; those that are not finite do not count.</param>
    public static LogAxis? Find(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0 || finite.Min() <= 0 || finite.Max() < LeastRange * finite.Min()) return null;
        int lowest = (int)Math.Floor(Math.Log10(finite.Min())), highest = (int)Math.Ceiling(Math.Log10(finite.Max()));
        double[] ticks =
        [
            .. from power in Enumerable.Range(lowest, highest - lowest + 1)
               from factor in highest - lowest > MostDecadesOfThree ? One : Three
               select factor * Math.Pow(10, power),
        ];
        return new LogAxis(ticks);
    }
}
