using Ctc.Engine.Recursions.Labels;

namespace Ctc.Engine.Recursions;

/// <summary>
/// The bound ln Z ≤ 0. Where the scores of a frame are probabilities that sum to 1, no score of the lattice is above 0 and no two paths have the same
/// tokens, Z is at most 1: a value of ln Z above 0 is a rounding error, and 0 is closer to the exact value.
/// </summary>
internal static class LikelihoodBound
{
    private static readonly Scalar Zero = 0;

    /// <summary>Replaces values above the bound by 0; other values and all gradients are unchanged.</summary>
    /// <param name="logZ">[B] ln Z.</param>
    /// <param name="lattice">Its lattice.</param>
    /// <param name="tokens">V.</param>
    /// <param name="normalised">
    /// Returns [B], true where the probabilities sum to 1 in each frame; called only if a value is above 0. By default they do in all utterances.
    /// </param>
    /// <returns>[B].</returns>
    public static Tensor Apply(Tensor logZ, Lattice lattice, long tokens, Func<Tensor>? normalised = null)
    {
        if (logZ.numel() == 0) return logZ;
        Tensor above = logZ.gt(Zero).logical_and(logZ.isfinite());
        if (!above.any().item<bool>()) return logZ;
        bool[] candidates = [.. above.cpu().data<bool>()];
        bool[] holds = [.. HoldsFor(lattice, tokens, candidates)];
        if (!holds.Contains(true)) return logZ;
        Tensor rounding = torch.tensor(holds, device: logZ.device);
        if (normalised is not null) rounding = rounding.logical_and(normalised());
        return torch.where(rounding, logZ - logZ.detach(), logZ);
    }

    private static IEnumerable<bool> HoldsFor(Lattice lattice, long tokens, bool[] candidates)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        int states = (int)lattice.Labels.shape[1], batch = candidates.Length;
        Tensor scores = lattice.Arcs.Scores;
        double[] arcs = Numbers(scores.dim() == 4 ? scores.amax([0]) : scores), initial = Numbers(lattice.Initial), final = Numbers(lattice.Final);
        double[] empty = Numbers(lattice.Empty);
        long[] labels = Wholes(lattice.Labels);
        var sets = new TokenSets(lattice.Classes, tokens);
        long[]? sources = lattice.Arcs is IndexedArcs indexed ? Wholes(indexed.Sources) : null;
        IReadOnlyList<int> offsets = (lattice.Arcs as BandedArcs)?.Offsets ?? [];
        int slots = arcs.Length / (batch * states);
        return [.. candidates.Select((candidate, b) => candidate && Holds(b))];

        bool Holds(int b)
        {
            const int Start = -1;
            int first = b * states;
            var steps = new HashSet<(long From, long Label)>();
            var after = new Dictionary<long, List<long>>(); // the labels of the steps from a state, if there are classes
            if (!(empty[b] <= 0)) return false;
            for (int s = 0; s < states; s++)
            {
                if (!(initial[first + s] <= 0 && final[first + s] <= 0)) return false;
                if (initial[first + s] > double.NegativeInfinity && !IsNew(Start, labels[first + s])) return false;
                for (int k = 0; k < slots; k++)
                {
                    int cell = (k * batch * states) + first + s;
                    long from = sources is null ? s - offsets[k] : sources[cell];
                    if (from < 0 || double.IsNegativeInfinity(arcs[cell])) continue;
                    if (!(arcs[cell] <= 0) || !IsNew(from, labels[first + s])) return false;
                }
            }

            return true;

            bool IsNew(long from, long label)
            {
                if (!steps.Add((from, label)) || !sets.IsBounded(b, label)) return false;
                if (lattice.Classes is null) return true;
                if (!after.TryGetValue(from, out List<long>? others)) after[from] = others = [];
                bool overlaps = others.Any(other => sets.Overlap(b, label, other));
                others.Add(label);
                return !overlaps;
            }
        }
    }

    private static double[] Numbers(Tensor tensor) => [.. tensor.detach().to(torch.float64).cpu().contiguous().data<double>()];

    private static long[] Wholes(Tensor tensor) => [.. tensor.cpu().contiguous().data<long>()];
}
