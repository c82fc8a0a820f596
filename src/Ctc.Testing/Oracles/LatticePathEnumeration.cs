namespace Ctc.Testing.Oracles;

/// <summary>Any lattice by its definition: lists all its paths, without recursion or semiring.</summary>
/// <remarks>
/// A path is a state for each frame and an arc between any two; two arcs between the same states make two paths. A state that reads a class of tokens
/// is one path, whose score has the log-sum over the class. For small cases only: O(S·K^(T−1)·T) time. Written for clarity, not speed.
/// </remarks>
public static class LatticePathEnumeration
{
    /// <summary>Lists the paths of one utterance.</summary>
    /// <param name="lattice">A batch of lattices.</param>
    /// <param name="scores">[N, V] log-scores of the utterance, without padding.</param>
    /// <param name="utterance">The position of the utterance in the batch.</param>
    /// <returns>Each path once, with its score; paths with score −∞ are left out.</returns>
    public static IEnumerable<LatticePath> Paths(Lattice lattice, double[,] scores, int utterance)
    {
        ArgumentNullException.ThrowIfNull(lattice);
        ArgumentNullException.ThrowIfNull(scores);
        var listed = new ListedLattice(lattice, scores, utterance);
        int frames = scores.GetLength(0);
        IEnumerable<LatticePath> paths = frames == 0
            ? [new LatticePath([], [], listed.Empty)]
            : listed.Starts.Select(start => new LatticePath([start.State], [0], start.Score + listed.Read(0, start.State)));
        for (int frame = 1; frame < frames; frame++)
        {
            int t = frame;
            paths = paths.SelectMany(
                path => listed.From(path.States[^1], t),
                (path, arc) =>
                    new LatticePath(
                        [.. path.States, arc.State], [.. path.Slots, arc.Slot], path.Score + arc.Score + listed.Read(t, arc.State)));
        }

        if (frames > 0) paths = paths.Select(path => new LatticePath(path.States, path.Slots, path.Score + listed.Final[path.States[^1]]));
        return paths.Where(path => !double.IsNegativeInfinity(path.Score));
    }

    /// <summary>Sums over all paths of one utterance.</summary>
    /// <inheritdoc cref="Paths"/>
    /// <returns>ln Z, posteriors, entropy and the best path.</returns>
    public static LatticePathSum Sum(Lattice lattice, double[,] scores, int utterance)
    {
        LatticePath[] paths = [.. Paths(lattice, scores, utterance)];
        int frames = scores.GetLength(0), states = (int)lattice.Labels.shape[1], slots = (int)lattice.Arcs.Scores.shape[^3];
        var listed = new ListedLattice(lattice, scores, utterance);
        double total = paths.Sum(path => Math.Exp(path.Score)), expected = 0;
        double[,] tokenShares = new double[frames, scores.GetLength(1)], stateShares = new double[frames, states];
        var arcShares = new double[frames, slots, states];
        LatticePath? best = null;
        foreach (LatticePath path in paths)
        {
            double share = Math.Exp(path.Score) / total;
            expected += share * path.Score;
            for (int t = 0; t < frames; t++)
            {
                foreach ((int token, double part) in listed.Shares(t, path.States[t])) tokenShares[t, token] += share * part;
                stateShares[t, path.States[t]] += share;
                if (t > 0) arcShares[t, path.Slots[t], path.States[t]] += share;
            }

            if (best is null || path.Score > best.Score || (path.Score == best.Score && path.WinsTie(best))) best = path;
        }

        double entropy = paths.Length > 0 ? Math.Log(total) - expected : 0;
        int[] bestTokens = best is null ? [] : [.. best.States.Select((state, t) => listed.BestToken(t, state))];
        return new LatticePathSum(Math.Log(total), tokenShares, stateShares, arcShares, entropy, best, bestTokens);
    }
}

/// <summary>One path through a lattice.</summary>
/// <param name="states">[N] the state of each frame.</param>
/// <param name="slots">[N] the slot of the arc into each frame; 0 for the first frame, which has none.</param>
/// <param name="score">The log-score: initial, arcs, final and emissions.</param>
public sealed class LatticePath(int[] states, int[] slots, double score)
{
    /// <summary>Gets [N] the state of each frame.</summary>
    public int[] States { get; } = states;

    /// <summary>Gets [N] the slot of the arc into each frame; 0 for the first frame.</summary>
    public int[] Slots { get; } = slots;

    /// <summary>Gets the log-score: initial, arcs, final and emissions.</summary>
    public double Score { get; } = score;

    /// <summary>
    /// Compares two paths of equal score, backwards from the end: the higher final state wins, then the lower slot.
    /// </summary>
    /// <param name="other">A path of the same length.</param>
    /// <returns>True if this path wins.</returns>
    public bool WinsTie(LatticePath other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (States.Length == 0) return false;
        if (States[^1] != other.States[^1]) return States[^1] > other.States[^1];
        int t = States.Length - 1;
        while (t > 0 && Slots[t] == other.Slots[t]) t--;
        return Slots[t] < other.Slots[t];
    }
}

/// <summary>The result of an enumeration. Paths with score −∞ do not count.</summary>
public sealed class LatticePathSum
{
    internal LatticePathSum(
        double logLikelihood, double[,] occupancy, double[,] states, double[,,] arcs, double entropy, LatticePath? best, int[] bestTokens)
    {
        (LogLikelihood, Occupancy, States, Arcs) = (logLikelihood, occupancy, states, arcs);
        (Entropy, Best, BestTokens) = (entropy, best, bestTokens);
    }

    /// <summary>Gets ln Z; −∞ if no path counts.</summary>
    public double LogLikelihood { get; }

    /// <summary>Gets [N, V] γ; the share of a class is divided among its tokens. 0 if no path counts.</summary>
    public double[,] Occupancy { get; }

    /// <summary>
    /// Gets [N, S] the share of the paths in a state; the first and last rows are the derivatives of ln Z with respect to initial and final scores.
    /// </summary>
    public double[,] States { get; }

    /// <summary>Gets [N, K, S] the share of the paths that enter frame t by an arc; row 0 is 0.</summary>
    public double[,,] Arcs { get; }

    /// <summary>Gets the entropy of the distribution over the paths, in nats; 0 if no path counts.</summary>
    public double Entropy { get; }

    /// <summary>Gets the path of the highest score, by <see cref="LatticePath.WinsTie"/> among equals; null if no path counts.</summary>
    public LatticePath? Best { get; }

    /// <summary>Gets [N] the tokens of that path; of a class the best one, the lowest among equals. Empty if there is no path.</summary>
    public IReadOnlyList<int> BestTokens { get; }
}
