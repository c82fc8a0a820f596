namespace Ctc.Experiments.Calibrations;

/// <summary>A rising map from a confidence to the share of what has it that is right: isotonic regression.</summary>
/// <remarks>
/// The rising function with the least squared errors: neighbours that fall are pooled (Ayer, Brunk, Ewing, Reid and Silverman, Annals of Mathematical
/// Statistics 1955), here as calibration (Zadrozny and Elkan, KDD 2002). Between the means of two pools it is a straight line.
/// </remarks>
/// <param name="Confidences">The mean confidence of each pool, rising.</param>
/// <param name="Shares">The share of each pool that is right, rising.</param>
public sealed record IsotonicMap(IReadOnlyList<double> Confidences, IReadOnlyList<double> Shares)
{
    /// <summary>Gets whether there are as many confidences as shares, one or more, and both rise from 0 to 1 at most.</summary>
    internal bool IsValid => Confidences.Count > 0 && Confidences.Count == Shares.Count && Rises(Confidences) && Rises(Shares);

    /// <summary>Fits a map. O(n log n).</summary>
    /// <param name="samples">One or more confidences.</param>
    public static IsotonicMap Fit(IEnumerable<JudgedConfidence> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var pools = new Stack<Pool>();
        foreach (IGrouping<double, JudgedConfidence> equal in samples.GroupBy(sample => sample.Confidence).OrderBy(group => group.Key))
        {
            var pool = new Pool(equal.Key * equal.Count(), equal.Count(sample => sample.IsRight), equal.Count());
            while (pools.TryPeek(out Pool before) && before.Share >= pool.Share) pool = pools.Pop().With(pool);
            pools.Push(pool);
        }

        if (pools.Count == 0) throw new ArgumentException("There are no samples; expected one or more.", nameof(samples));
        Pool[] rising = [.. pools.Reverse()];
        return new IsotonicMap([.. rising.Select(pool => pool.Confidence)], [.. rising.Select(pool => pool.Share)]);
    }

    /// <summary>Returns the share for a confidence: that of the first pool below its mean, that of the last one above.</summary>
    public double At(double confidence)
    {
        int above = 0;
        while (above < Confidences.Count && Confidences[above] < confidence) above++;
        if (above == 0) return Shares[0];
        if (above == Confidences.Count) return Shares[^1];
        double place = (confidence - Confidences[above - 1]) / (Confidences[above] - Confidences[above - 1]);
        return double.Lerp(Shares[above - 1], Shares[above], place);
    }

    private static bool Rises(IReadOnlyList<double> numbers) =>
        numbers[0] >= 0 && numbers[^1] <= 1 && numbers.Zip(numbers.Skip(1)).All(pair => pair.First <= pair.Second);

    private readonly record struct Pool(double Sum, int Right, int Count)
    {
        public double Confidence => Sum / Count;

        public double Share => (double)Right / Count;

        public Pool With(Pool next) => new(Sum + next.Sum, Right + next.Right, Count + next.Count);
    }
}
