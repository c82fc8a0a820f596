namespace Ctc.Engine.Recursions.Linear;

/// <summary>The factors of the rows of utterances, and whether they are multiples of others.</summary>
internal static class RowFactors
{
    private const double Roundings = 16;

    /// <summary>Finds the number by which weights are multiplied.</summary>
    /// <param name="weights">B weights.</param>
    /// <param name="factors">B factors.</param>
    /// <param name="upstream">The type in which the factors were computed.</param>
    /// <returns>The number; null if the factors are no multiple of the weights, up to a few roundings of the type.</returns>
    public static double? FindCommon(double[] weights, double[] factors, torch.ScalarType upstream)
    {
        int largest = 0;
        for (int b = 1; b < weights.Length; b++) if (Math.Abs(weights[b]) > Math.Abs(weights[largest])) largest = b;
        double common = weights[largest] == 0 ? 0 : factors[largest] / weights[largest];
        double rounding = Roundings * (upstream == torch.float64 ? Math.ScaleB(1, -52) : Math.ScaleB(1, -23));
        for (int b = 0; b < weights.Length; b++)
        {
            double expected = common * weights[b];
            if (!(Math.Abs(factors[b] - expected) <= rounding * Math.Abs(expected))) return null; // also where one is NaN
        }

        return common;
    }
}
