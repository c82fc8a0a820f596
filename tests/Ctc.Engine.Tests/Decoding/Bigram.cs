namespace Ctc.Engine.Tests.Decoding;

/// <summary>A language model with a random table: a state is the unit before, the start is 0, the unknown unit 1.</summary>
internal sealed class Bigram : ILanguageModel
{
    private readonly string[] known;
    private readonly double[,] table; // [before, unit]; the last unit is the end

    public Bigram(LanguageUnit unit, int seed, params string[] known)
    {
        (Unit, this.known) = (unit, known);
        var random = new Random(seed + 1000);
        int size = known.Length + 2;
        table = new double[size, size];
        for (int before = 0; before < size; before++)
        {
            double[] shares = [.. Enumerable.Range(0, size).Select(_ => 0.05 + random.NextDouble())];
            for (int after = 0; after < size; after++) table[before, after] = Math.Log(shares[after] / shares.Sum());
        }
    }

    /// <summary>Gets whether an unknown unit has probability 0.</summary>
    public bool IsClosed { get; init; }

    public LanguageUnit Unit { get; }

    public int Start => 0;

    public int IndexOf(string unit) => Array.IndexOf(known, unit);

    public double LogProbability(int state, int unit, out int after)
    {
        after = unit < 0 ? 1 : unit + 2;
        return unit < 0 && IsClosed ? double.NegativeInfinity : table[state, after - 1];
    }

    public double LogProbabilityOfEnd(int state) => table[state, known.Length + 1];
}
