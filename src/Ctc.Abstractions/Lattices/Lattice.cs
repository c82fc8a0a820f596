using System.Runtime.InteropServices;

namespace Ctc;

/// <summary>
/// All ways in which the targets of a batch may be spread over frames: states that each read one token a frame, and scored arcs between them.
/// </summary>
/// <param name="Labels">[B, S] the token that each state reads, in [0, V), of type int64. Padding states may hold any token.</param>
/// <param name="Arcs">The arcs between the states.</param>
/// <param name="Initial">[B, S] log-scores of starting in a state; −∞ where no path starts, padding states included.</param>
/// <param name="Final">[B, S] log-scores of ending in a state; −∞ where no path ends, padding states included.</param>
/// <param name="Empty">[B] log-score of the empty path, which alone explains an utterance of no frames; −∞ where it may not.</param>
/// <remarks>
/// Builders use whatever floating type and device is handy; the engine converts. ln Z of an utterance of N frames is the log-sum over
/// all paths s₀…s_{N−1} of Initial(s₀) + Σ arcs + Final(s_{N−1}) + Σ scores[t, label(s_t)].
/// </remarks>
public sealed record Lattice(Tensor Labels, Arcs Arcs, Tensor Initial, Tensor Final, Tensor Empty)
{
    /// <summary>The same lattice in another floating type or on another device.</summary>
    /// <inheritdoc cref="Arcs.Cast"/>
    public Lattice Cast(torch.ScalarType type, torch.Device device) =>
        new(Labels.to(device), Arcs.Cast(type, device), Initial.to(type, device), Final.to(type, device), Empty.to(type, device));

    /// <summary>Builds a batch of lattices whose arcs are of a few fixed lengths, from rules for one utterance.</summary>
    /// <param name="labels">B label sequences, one label a state.</param>
    /// <param name="offsets">[K] how many states back the arcs reach; the first wins ties in Viterbi.</param>
    /// <param name="arc">The log-score of the arc into state s from state s − offset: <c>(labels, s, offset)</c>. Asked only where s ≥ offset.</param>
    /// <param name="initial">The log-score of starting in state s: <c>(labels, s)</c>.</param>
    /// <param name="final">The log-score of ending in state s: <c>(labels, s)</c>.</param>
    /// <param name="empty">The log-score of the empty path: <c>(labels)</c>.</param>
    /// <returns>A lattice in double precision on the CPU, padded to the longest utterance.</returns>
    public static Lattice Banded(
        IReadOnlyList<long[]> labels,
        IReadOnlyList<int> offsets,
        Func<long[], int, int, double> arc,
        Func<long[], int, double> initial,
        Func<long[], int, double> final,
        Func<long[], double> empty)
    {
        int batch = labels.Count, states = labels.Select(row => row.Length).Append(1).Max();
        Tensor padded = torch.zeros([batch, states], torch.int64), scores = Impossible(offsets.Count, batch, states);
        Tensor initials = Impossible(batch, states), finals = Impossible(batch, states);
        Span<long> read = Numbers<long>(padded);
        Span<double> arcs = Numbers<double>(scores), starts = Numbers<double>(initials), ends = Numbers<double>(finals);
        for (int b = 0; b < batch; b++)
        {
            for (int s = 0; s < labels[b].Length; s++)
            {
                int cell = (b * states) + s;
                read[cell] = labels[b][s];
                starts[cell] = initial(labels[b], s);
                ends[cell] = final(labels[b], s);
                for (int k = 0; k < offsets.Count; k++)
                {
                    if (s >= offsets[k]) arcs[(k * batch * states) + cell] = arc(labels[b], s, offsets[k]);
                }
            }
        }

        return new Lattice(padded, new BandedArcs(offsets, scores), initials, finals, torch.tensor([.. labels.Select(empty)], [batch]));
    }

    /// <summary>Builds a batch of lattices from graphs.</summary>
    /// <param name="graphs">B graphs.</param>
    /// <returns>
    /// A lattice in double precision on the CPU, padded to the most states. The arcs into a state fill its slots in the order in which the graph lists
    /// them; K is the largest number of arcs into any state.
    /// </returns>
    public static Lattice From(IReadOnlyList<Graph> graphs)
    {
        int batch = graphs.Count, states = graphs.Select(graph => graph.Labels.Count).Append(1).Max();
        int slots = graphs.SelectMany(graph => graph.Arcs.CountBy(arc => arc.To)).Select(into => into.Value).Append(1).Max();
        Tensor padded = torch.zeros([batch, states], torch.int64), origins = torch.zeros([slots, batch, states], torch.int64);
        Tensor scores = Impossible(slots, batch, states), initials = Impossible(batch, states), finals = Impossible(batch, states);
        Span<long> labels = Numbers<long>(padded), sources = Numbers<long>(origins);
        Span<double> arcs = Numbers<double>(scores), starts = Numbers<double>(initials), ends = Numbers<double>(finals);
        for (int b = 0; b < batch; b++)
        {
            Graph graph = graphs[b];
            int first = b * states;
            for (int s = 0; s < graph.Labels.Count; s++) labels[first + s] = graph.Labels[s];
            foreach (ScoredState start in graph.Initial) starts[first + start.State] = start.Score;
            foreach (ScoredState end in graph.Final) ends[first + end.State] = end.Score;
            var filled = new int[states];
            foreach (GraphArc arc in graph.Arcs)
            {
                int cell = (filled[arc.To]++ * batch * states) + first + arc.To;
                sources[cell] = arc.From;
                arcs[cell] = arc.Score;
            }
        }

        return new Lattice(padded, new IndexedArcs(origins, scores), initials, finals, torch.tensor([.. graphs.Select(graph => graph.Empty)], [batch]));
    }

    private static Tensor Impossible(params long[] shape)
    {
        Tensor scores = torch.empty(shape, torch.float64);
        Numbers<double>(scores).Fill(double.NegativeInfinity);
        return scores;
    }

    // Lattices are written in place: managed arrays of their size would call the garbage collector at every step of a training.
    private static Span<T> Numbers<T>(Tensor tensor)
        where T : struct => tensor.numel() == 0 ? [] : MemoryMarshal.Cast<byte, T>(tensor.bytes);
}

/// <summary>What a topology makes of the targets. The loss is ln Z of the denominator minus ln Z of the numerator.</summary>
/// <param name="Numerator">The paths that spell the target.</param>
/// <param name="Denominator">All paths; null where their sum is known to be 1, as with normalised emissions under CTC.</param>
public sealed record Lattices(Lattice Numerator, Lattice? Denominator = null);
