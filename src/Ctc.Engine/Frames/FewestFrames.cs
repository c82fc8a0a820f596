using Ctc.Engine.Topologies;

namespace Ctc.Engine.Frames;

/// <summary>The fewest frames that a target can be aligned with: the number of states on the shortest path of its lattice.</summary>
/// <remarks>
/// Scores other than −∞ do not matter. O(S·K) for each utterance; under <c>ctc</c>, without a lattice, O(U): a frame for each token, and one for the
/// blank between two equal ones.
/// </remarks>
public static class FewestFrames
{
    private const int Together = 64;

    /// <summary>Finds the fewest frames of each utterance of a batch.</summary>
    /// <param name="topology">Builds the lattices.</param>
    /// <param name="batch">Targets and graphs; may be a whole data set, of which the lattices of some utterances at a time are built.</param>
    /// <returns>B numbers, 0 or more; <see cref="long.MaxValue"/> if no number of frames suffices.</returns>
    public static IReadOnlyList<long> Find(ITopology topology, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Find(topology, batch, [.. Enumerable.Range(0, batch.Size)]);
    }

    /// <summary>Finds the fewest frames of some utterances of a batch.</summary>
    /// <inheritdoc cref="Find(ITopology, Batch)"/>
    /// <param name="topology">Builds the lattices.</param>
    /// <param name="batch">Targets and graphs.</param>
    /// <param name="utterances">Positions in the batch.</param>
    /// <returns>A number for each of the utterances.</returns>
    public static IReadOnlyList<long> Find(ITopology topology, Batch batch, IReadOnlyList<int> utterances)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(utterances);
        if (topology is CtcTopology && batch.Blank is not null) return [.. utterances.Select(b => UnderCtc(batch.Targets[b]))];
        var fewest = new List<long>(utterances.Count);
        foreach (int[] some in utterances.Chunk(Together))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using var withoutGradient = torch.no_grad();
            var alone = new Batch(
                [.. some.Select(b => batch.Targets[b])],
                [.. some.Select(b => batch.Frames[b])],
                batch.Vocabulary,
                batch.Progress,
                [.. some.Select(b => batch.Names[b])],
                [.. some.Select(b => batch.Graphs[b])]);
            fewest.AddRange(Find(topology.Build(alone).Numerator));
        }

        return fewest;
    }

    /// <summary>Finds the fewest frames of each utterance of a batch of lattices.</summary>
    /// <param name="lattice">On any device.</param>
    /// <returns>B numbers, as of the other methods.</returns>
    internal static IReadOnlyList<long> Find(Lattice lattice)
    {
        (int batch, int states) = ((int)lattice.Labels.shape[0], (int)lattice.Labels.shape[1]);
        bool[] starts = Allowed(lattice.Initial), ends = Allowed(lattice.Final), empty = Allowed(lattice.Empty);
        Tensor scores = lattice.Arcs.Scores;
        bool[] arcs = Allowed(scores.dim() == 4 ? scores.amax([0]) : scores);
        long[]? sources = lattice.Arcs is IndexedArcs indexed ? indexed.Sources.cpu().contiguous().data<long>().ToArray() : null;
        IReadOnlyList<int> offsets = (lattice.Arcs as BandedArcs)?.Offsets ?? [];
        int slots = (int)scores.shape[^3];
        (int[] queue, int[] seen) = (new int[states], new int[states]); // seen: the last utterance that reached the state, counted from 1
        return Enumerable.Range(0, batch).Select(b => empty[b] ? 0 : Shortest(b)).ToArray();

        // Breadth first, against the arcs: the states from which an end is one frame away, then two, and so on.
        long Shortest(int b)
        {
            (int first, int head, int tail) = (b * states, 0, 0);
            for (int s = 0; s < states; s++)
            {
                if (ends[first + s]) (seen[s], queue[tail++]) = (b + 1, s);
            }

            for (long frames = 1; head < tail; frames++)
            {
                for (int end = tail; head < end; head++)
                {
                    int s = queue[head];
                    if (starts[first + s]) return frames;
                    for (int k = 0; k < slots; k++)
                    {
                        int cell = (k * batch * states) + first + s;
                        int from = sources is null ? s - offsets[k] : (int)sources[cell];
                        if (!arcs[cell] || from < 0 || seen[from] == b + 1) continue;
                        (seen[from], queue[tail++]) = (b + 1, from);
                    }
                }
            }

            return long.MaxValue;
        }
    }

    private static long UnderCtc(long[] target)
    {
        int equal = 0;
        for (int u = 1; u < target.Length; u++)
        {
            if (target[u] == target[u - 1]) equal++;
        }

        return target.Length + equal;
    }

    private static bool[] Allowed(Tensor scores) =>
        scores.numel() == 0 ? [] : scores.detach().isneginf().logical_not().cpu().contiguous().data<bool>().ToArray();
}
