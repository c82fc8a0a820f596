using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Testing.Oracles;

namespace Ctc.Testing.Conformance;

/// <summary>Checks of topologies: the loss against its definition by paths, the frames a target needs, the number of arcs.</summary>
internal static class TopologyChecks
{
    /// <summary>Compares the loss with an enumeration of all paths of the lattices.</summary>
    public static string? Paths(Setting setting, CheckCase drawn)
    {
        ObjectiveParts parts = setting.Parts(drawn);
        Lattices lattices = parts.Topology.Build(drawn.Batch);
        var found = Evaluated.Evaluate(parts, drawn);
        Tensor logProbs = drawn.Output(new Objective(parts), drawn.Inputs()).Logits.log_softmax(2);
        for (int b = 0; b < drawn.Size; b++)
        {
            double[,] scores = Rows(logProbs, b, drawn.Frames[b]);
            double numerator = LogSum(lattices.Numerator, scores, b);
            double all = lattices.Denominator is { } denominator ? LogSum(denominator, scores, b) : 0;
            double expected = double.IsNegativeInfinity(numerator) ? 0 : all - numerator, loss = found.Loss[b].ToDouble();
            bool agrees = Math.Abs(loss - expected) <= Evaluated.Rounding * Math.Max(1, Math.Abs(expected));
            if (!agrees)
            {
                return FormattableString.Invariant($"the loss of utterance {b} is {loss}; expected {expected}, by listing all paths of the lattice");
            }
        }

        return null;
    }

    /// <summary>The growth of the arcs per frame of the recursion, empty slots included, with the lengths of targets and utterances.</summary>
    public static Verdict LinearTime(Setting setting)
    {
        const int tokens = 8, frames = 100;
        long[] byTokens = [.. new[] { tokens, 2 * tokens, 4 * tokens }.Select(length => Arcs(setting, length, frames))];
        long onceLonger = byTokens[1] - byTokens[0], twiceLonger = byTokens[2] - byTokens[1], longerUtterance = Arcs(setting, tokens, 2 * frames);
        return twiceLonger > 3 * onceLonger // 2 is linear, 4 is quadratic
                ? Verdict.Warn(
                    $"targets of {tokens}, {2 * tokens} and {4 * tokens} tokens make {string.Join(", ", byTokens)} arcs a frame; "
                    + "expected growth in proportion")
            : longerUtterance > byTokens[0]
                ? Verdict.Warn(
                    $"{frames} and {2 * frames} frames make {byTokens[0]} and {longerUtterance} arcs in each of them; "
                    + "expected no more for more frames")
            : Verdict.Pass($"{byTokens[2]} arcs a frame for {4 * tokens} tokens");
    }

    private static long Arcs(Setting setting, int length, int frames)
    {
        var random = new Random(1);
        var batch = new Batch([[.. Enumerable.Range(0, length).Select(_ => random.NextInt64(1, 5))]], [frames], 5);
        Lattices built = ((ITopology)setting.Only(setting.Untrained())).Build(batch);
        return OfFrame(built.Numerator) + (built.Denominator is { } denominator ? OfFrame(denominator) : 0);

        static long OfFrame(Lattice lattice) => lattice.Arcs.Scores.shape[^3..].Aggregate((product, extent) => product * extent); // [K, 1, S]
    }

    private static double LogSum(Lattice lattice, double[,] scores, int utterance)
    {
        double[] paths = [.. LatticePathEnumeration.Paths(lattice, scores, utterance).Select(path => path.Score)];
        double largest = paths.Append(double.NegativeInfinity).Max();
        return double.IsNegativeInfinity(largest) ? largest : largest + Math.Log(paths.Sum(path => Math.Exp(path - largest)));
    }

    /// <summary>The numbers of one utterance, [N, V].</summary>
    public static double[,] Rows(Tensor values, int utterance, long frames)
    {
        var rows = new double[frames, values.shape[2]];
        for (int t = 0; t < frames; t++)
        {
            for (int v = 0; v < rows.GetLength(1); v++) rows[t, v] = values[t, utterance, v].ToDouble();
        }

        return rows;
    }
}
