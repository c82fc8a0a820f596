using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions;

/// <summary>The quantities of a batch by enumeration of all paths, padded like the results of the engine: with 0, and paths with −1.</summary>
internal sealed class EnumeratedBatch
{
    public EnumeratedBatch(LatticeCase drawn)
    {
        Tensor scores = drawn.Scores;
        long states = drawn.Lattice.Labels.shape[1], slots = drawn.Lattice.Arcs.Scores.shape[^3];
        LatticePathSum[] sums =
            [.. drawn.Frames.Select((frames, b) => LatticePathEnumeration.Sum(drawn.Lattice, RandomCase.Rows(scores, b, frames), b))];
        Tensor Stack(Func<LatticePathSum, Array> table, long width) =>
            torch.stack(sums.Select((sum, b) => Padded(table(sum).Cast<double>(), drawn.Frames[b], scores.shape[0], width)), 1); // [T, B, width]

        LogLikelihood = torch.tensor([.. sums.Select(sum => sum.LogLikelihood)]);
        Entropy = torch.tensor([.. sums.Select(sum => sum.Entropy)]);
        Occupancy = Stack(sum => sum.Occupancy, scores.shape[2]);
        States = Stack(sum => sum.States, states);
        Arcs = Stack(sum => sum.Arcs, slots * states).unflatten(2, [slots, states]).permute(0, 2, 1, 3);
        IEnumerable<Tensor> lastStates = sums.Select((sum, b) =>
            Padded(sum.States.Cast<double>().TakeLast(drawn.Frames[b] > 0 ? (int)states : 0), drawn.Frames[b] > 0 ? 1 : 0, 1, states));
        LastStates = torch.stack(lastStates, 1).squeeze(0);
        BestScore = [.. sums.Select(sum => sum.Best?.Score ?? double.NegativeInfinity)];
        int total = (int)scores.shape[0];
        BestStates =
            [.. sums.Select(sum => Enumerable.Range(0, total).Select(t => t < sum.Best?.States.Length ? sum.Best.States[t] : -1L).ToArray())];
        BestTokens = [.. sums.Select(sum => Enumerable.Range(0, total).Select(t => t < sum.BestTokens.Count ? sum.BestTokens[t] : -1L).ToArray())];
        if (drawn.Lattice.Classes is not { } classes) return;

        // Of each class in each frame, what the states that read it have of the mass, divided among the tokens.
        (OfRest, OfWeights) = (torch.zeros_like(classes.Rest), torch.zeros_like(classes.Weights));
        for (int b = 0; b < sums.Length; b++)
        {
            for (int c = 0; c < classes.Count; c++)
            {
                long[] listed = classes.Tokens[b, c].data<long>().ToArray();
                double[] weights = classes.Weights[b, c].data<double>().ToArray();
                double rest = classes.Rest[b, c].item<double>();
                double WeightOf(long v) => Array.IndexOf(listed, v) is >= 0 and var k ? weights[k] : rest;
                for (int t = 0; t < drawn.Frames[b]; t++)
                {
                    double[] row = scores[t, b].data<double>().ToArray();
                    double[] each = [.. row.Select((score, v) => Math.Exp(score + WeightOf(v)))];
                    double mass = Enumerable.Range(0, (int)states)
                        .Where(s => drawn.Lattice.Labels[b, s].item<long>() == scores.shape[2] + c).Sum(s => sums[b].States[t, s]);
                    for (int v = 0; v < each.Length && mass > 0; v++)
                    {
                        int k = Array.IndexOf(listed, (long)v);
                        Tensor to = k < 0 ? OfRest[b, c] : OfWeights[b, c, k];
                        to.add_(mass * each[v] / each.Sum());
                    }
                }
            }
        }
    }

    /// <summary>Gets [B, C] the derivative of ln Z with respect to the weights of the rest of the classes; empty without classes.</summary>
    public Tensor OfRest { get; } = torch.empty(0);

    /// <summary>Gets [B, C, K] the derivative with respect to the weights of their listed tokens; empty without classes.</summary>
    public Tensor OfWeights { get; } = torch.empty(0);

    /// <summary>Gets B paths of T tokens, the best ones of classes.</summary>
    public long[][] BestTokens { get; }

    /// <summary>Gets [B] ln Z.</summary>
    public Tensor LogLikelihood { get; }

    /// <summary>Gets [B].</summary>
    public Tensor Entropy { get; }

    /// <summary>Gets [T, B, V] γ.</summary>
    public Tensor Occupancy { get; }

    /// <summary>Gets [T, B, S].</summary>
    public Tensor States { get; }

    /// <summary>Gets [B, S] the shares of the states in each utterance's last frame.</summary>
    public Tensor LastStates { get; }

    /// <summary>Gets [T, K, B, S].</summary>
    public Tensor Arcs { get; }

    /// <summary>Gets B scores.</summary>
    public double[] BestScore { get; }

    /// <summary>Gets B paths of T states.</summary>
    public long[][] BestStates { get; }

    private static Tensor Padded(IEnumerable<double> rows, long frames, long total, long width) =>
        torch.tensor([.. rows, .. Enumerable.Repeat(0.0, (int)((total - frames) * width))], [total, width]);
}
