using Ctc.Engine.Alignment;
using Ctc.Engine.Objectives;

namespace Ctc.Testing.Conformance;

/// <summary>What a topology promises besides its numbers: paths that the loss is the sum of, and how many frames a target needs.</summary>
internal static class TopologyChecks
{
    /// <summary>The loss against the enumeration of all paths of the lattices.</summary>
    public static string? Paths(Setting setting, CheckCase drawn)
    {
        var topology = (ITopology)Setting.Only(setting.Parts(drawn));
        Lattices lattices = topology.Build(drawn.Batch);
        var found = Evaluated.Of(new ObjectiveParts { Topology = topology }, drawn);
        Tensor logProbs = drawn.Inputs().log_softmax(2);
        for (int b = 0; b < drawn.Size; b++)
        {
            double[,] scores = Rows(logProbs, b, drawn.Frames[b]);
            double numerator = LogSum(lattices.Numerator, scores, b);
            double all = lattices.Denominator is { } denominator ? LogSum(denominator, scores, b) : 0;
            double expected = double.IsNegativeInfinity(numerator) ? 0 : all - numerator, loss = found.Loss[b].ToDouble();
            bool agrees = Math.Abs(loss - expected) <= Evaluated.Rounding * Math.Max(1, Math.Abs(expected));
            if (!agrees) return FormattableString.Invariant($"the loss of utterance {b} is {loss}; expected {expected}, by listing all paths of the lattice");
        }

        return null;
    }

    /// <summary>What it says of the frames that a target needs against what its lattice can be aligned in.</summary>
    public static string? MinimumFrames(Setting setting, CheckCase drawn)
    {
        var topology = (ITopology)Setting.Only(setting.Parts(drawn));
        long needed = topology.MinimumFrames(drawn.Batch, 0);
        for (long frames = 0; frames <= 8; frames++)
        {
            var some = new Batch([drawn.Targets[0]], [frames], drawn.Tokens, drawn.Blank);
            Tensor scores = torch.zeros([frames, 1, drawn.Tokens], torch.float64);
            bool feasible = Recursion.LogLikelihood(topology.Build(some).Numerator, scores, some.Frames)[0].ToDouble() > double.NegativeInfinity;
            if (feasible == frames >= needed) continue;
            return $"MinimumFrames says {needed}, and {frames} frames {(feasible ? "suffice" : "do not suffice")} for utterance 0";
        }

        return null;
    }

    private static double LogSum(Lattice lattice, double[,] scores, int utterance)
    {
        double[] paths = [.. LatticePathEnumeration.Paths(lattice, scores, utterance).Select(path => path.Score)];
        double largest = paths.Append(double.NegativeInfinity).Max();
        return double.IsNegativeInfinity(largest) ? largest : largest + Math.Log(paths.Sum(path => Math.Exp(path - largest)));
    }

    private static double[,] Rows(Tensor values, int utterance, long frames)
    {
        var rows = new double[frames, values.shape[2]];
        for (int t = 0; t < frames; t++)
        {
            for (int v = 0; v < rows.GetLength(1); v++) rows[t, v] = values[t, utterance, v].ToDouble();
        }

        return rows;
    }
}
