using System.Runtime.InteropServices;
using Ctc.Engine.Objectives;

namespace Ctc.Experiments.Alignments;

/// <summary>When the tokens of a target are entered and left, on average over all of its alignments.</summary>
/// <param name="entered">[U] the expected first frame of each token; not a whole number.</param>
/// <param name="left">[U] the expected frame after the last of each token.</param>
internal sealed class ExpectedTimes(double[] entered, double[] left)
{
    private const double MostFromOne = 1e-3;

    /// <summary>Gets [U] the expected first frame of each token.</summary>
    public IReadOnlyList<double> Entered => entered;

    /// <summary>Gets [U] the expected frame after the last of each token.</summary>
    public IReadOnlyList<double> Left => left;

    /// <summary>Computes the times of a batch from the posteriors of its arcs.</summary>
    /// <remarks>
    /// The arc that enters a token at frame t contributes t times its posterior; so do the arc that leaves it, the start of paths at frame 0, and
    /// their end at frame N. Arcs between states of one token are neither. O(T·K·B·S) memory, in the caller's dispose scope.
    /// </remarks>
    /// <param name="evaluation">The batch, with its targets.</param>
    /// <returns>
    /// For each utterance its times; null if there is no alignment, or if not every alignment enters each token of the target once. A pause that an
    /// alignment may leave out has the times of those that have it.
    /// </returns>
    public static ExpectedTimes?[] From(BatchEvaluation evaluation)
    {
        Batch batch = evaluation.Batch;
        Lattice lattice = evaluation.Numerator.Lattice;
        if (lattice.Positions is not { } positions || batch.Size == 0) return new ExpectedTimes?[batch.Size];
        Tensor arcs = evaluation.Numerator.Arcs, states = evaluation.Numerator.States;
        long[] here = Whole(positions), before = Whole(lattice.Arcs.AtSource(positions));
        HashSet<long>[] pauses = TokenSpans.FindPauses(lattice, batch.Size);
        int slots = (int)arcs.shape[1], count = (int)arcs.shape[3];
        return [.. batch.Targets.Select((target, b) =>
        {
            var sums = new Sums(target.Length);
            int frames = (int)batch.Frames[b];
            if (frames == 0) return null;
            ReadOnlySpan<double> first = Row(states.select(1, b).select(0, 0)), last = Row(states.select(1, b).select(0, frames - 1));
            for (int s = 0; s < count; s++)
            {
                long u = here[(b * count) + s];
                sums.Move(-1, u, 0, first[s]);
                sums.Move(u, -1, frames, last[s]);
            }

            ReadOnlySpan<double> shares = Row(arcs.select(2, b).narrow(0, 0, frames)); // [N, K, S]
            for (int t = 1; t < frames; t++)
            {
                for (int k = 0; k < slots; k++)
                {
                    int row = ((t * slots) + k) * count;
                    for (int s = 0; s < count; s++)
                    {
                        double share = shares[row + s];
                        if (share > 0) sums.Move(before[(((k * batch.Size) + b) * count) + s], here[(b * count) + s], t, share);
                    }
                }
            }

            return sums.ToTimes(pauses[b]);
        })];
    }

    private static long[] Whole(Tensor of) => of.cpu().contiguous().data<long>().ToArray();

    // The tensor belongs to the caller's dispose scope, which outlives the span.
    private static ReadOnlySpan<double> Row(Tensor of) => MemoryMarshal.Cast<byte, double>(of.to(torch.float64).cpu().contiguous().bytes);

    /// <summary>Sums of shares, and of frames times shares, for each token.</summary>
    private sealed class Sums(int tokens)
    {
        private readonly double[] entries = new double[tokens], exits = new double[tokens], entered = new double[tokens], left = new double[tokens];

        public void Move(long from, long to, int frame, double share)
        {
            if (from == to) return;
            if (to >= 0) (entries[to], entered[to]) = (entries[to] + share, entered[to] + (frame * share));
            if (from >= 0) (exits[from], left[from]) = (exits[from] + share, left[from] + (frame * share));
        }

        public ExpectedTimes? ToTimes(HashSet<long> pauses)
        {
            bool isOnce = entries.Zip(exits).Index()
                .All(sum => pauses.Contains(sum.Index) || (IsOne(sum.Item.First) && IsOne(sum.Item.Second)));
            if (!isOnce) return null;
            return new ExpectedTimes(
                [.. entered.Zip(entries, (frames, share) => frames / share)], [.. left.Zip(exits, (frames, share) => frames / share)]);

            static bool IsOne(double sum) => Math.Abs(sum - 1) < MostFromOne;
        }
    }
}
