namespace Ctc.Experiments.Decoding;

/// <summary>Finds the weight of a language model and the insertion bonus with the least error: a grid, then steps that are halved.</summary>
public sealed class WeightSearch
{
    private const double WeightStep = 0.5, BonusStep = 1;
    private const int Rounds = 3;

    private static readonly double[] Weights = [0, 0.5, 1, 1.5, 2], Bonuses = [0, -1, 1, 2, 3];

    private readonly Func<double, double, double> measure;
    private readonly Dictionary<(double Weight, double Bonus), double> errors = [];

    private WeightSearch(Func<double, double, double> measure) => this.measure = measure;

    /// <summary>Gets the weight of the language model with the least error, 0 or more.</summary>
    public double Weight { get; private set; }

    /// <summary>Gets the insertion bonus with the least error, in nats.</summary>
    public double Bonus { get; private set; }

    /// <summary>Gets the least error.</summary>
    public double Error { get; private set; } = double.PositiveInfinity;

    /// <summary>Gets the error without language model and bonus.</summary>
    public double ErrorWithout => errors[(0, 0)];

    /// <summary>Gets the number of pairs that were measured.</summary>
    public int Count => errors.Count;

    /// <summary>
    /// Searches. The grid has weights from 0 to 2 in steps of 0.5 and bonuses from −1 to 3 in steps of 1. Then, three times, both steps are halved
    /// and the eight neighbours of the best pair are measured. Of equal errors the pair measured first counts: a smaller weight, a bonus near 0.
    /// </summary>
    /// <param name="measure">From weight and bonus to the error.</param>
    /// <returns>The result.</returns>
    public static WeightSearch Find(Func<double, double, double> measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        var search = new WeightSearch(measure);
        foreach (double weight in Weights) foreach (double bonus in Bonuses) search.Try(weight, bonus);
        for (int round = 1; round <= Rounds; round++) search.TryNeighbours(Math.ScaleB(WeightStep, -round), Math.ScaleB(BonusStep, -round));
        return search;
    }

    private void TryNeighbours(double weightStep, double bonusStep)
    {
        (double weight, double bonus) = (Weight, Bonus);
        for (int i = -1; i <= 1; i++) for (int j = -1; j <= 1; j++) Try(weight + (i * weightStep), bonus + (j * bonusStep));
    }

    private void Try(double weight, double bonus)
    {
        if (weight < 0 || errors.ContainsKey((weight, bonus))) return;
        double error = errors[(weight, bonus)] = measure(weight, bonus);
        if (error < Error) (Weight, Bonus, Error) = (weight, bonus, error);
    }
}
