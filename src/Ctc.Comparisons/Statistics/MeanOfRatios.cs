namespace Ctc.Comparisons.Statistics;

/// <summary>
/// A statistic of units: for each class the sum of parts over the sum of wholes, and of these ratios the mean over the classes. With one
/// class it is a rate, such as errors over tokens; with a class for each symbol, found over present, it is the macro recall.
/// </summary>
public sealed class MeanOfRatios
{
    private readonly Dictionary<string, int> classes = new(StringComparer.Ordinal);
    private readonly (int Class, double Part, double Whole)[][] units;

    /// <summary>Sums the contributions of each unit.</summary>
    /// <param name="units">The tallies of each unit, several of one class allowed.</param>
    public MeanOfRatios(IEnumerable<IEnumerable<Tally>> units)
    {
        ArgumentNullException.ThrowIfNull(units);
        this.units = [.. units.Select(tallies => Sums(tallies))];
    }

    /// <summary>Gets the value with every unit once.</summary>
    public double Value => Compute([.. Enumerable.Repeat(1, units.Length)]);

    /// <summary>Computes the value.</summary>
    /// <param name="counts">The weight of each unit: 0 or more.</param>
    /// <returns>The mean over the classes that have a whole above 0; NaN if none has.</returns>
    public double Compute(int[] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        double[] parts = new double[classes.Count], wholes = new double[classes.Count];
        for (int unit = 0; unit < units.Length; unit++)
        {
            int count = counts[unit];
            if (count == 0) continue;
            foreach ((int at, double part, double whole) in units[unit])
            {
                parts[at] += count * part;
                wholes[at] += count * whole;
            }
        }

        (double sum, int present) = (0, 0);
        for (int at = 0; at < parts.Length; at++)
        {
            if (wholes[at] <= 0) continue;
            sum += parts[at] / wholes[at];
            present++;
        }

        return present == 0 ? double.NaN : sum / present;
    }

    private (int Class, double Part, double Whole)[] Sums(IEnumerable<Tally> tallies) =>
    [
        .. tallies
            .GroupBy(tally => tally.Class, StringComparer.Ordinal)
            .Select(same => (Number(same.Key), same.Sum(tally => tally.Part), same.Sum(tally => tally.Whole))),
    ];

    private int Number(string name)
    {
        if (!classes.TryGetValue(name, out int number)) classes.Add(name, number = classes.Count);
        return number;
    }
}

/// <summary>A contribution to one ratio.</summary>
/// <param name="Class">The class whose ratio it is.</param>
/// <param name="Part">The contribution to the numerator.</param>
/// <param name="Whole">The contribution to the denominator, at least 0.</param>
public readonly record struct Tally(string Class, double Part, double Whole);
