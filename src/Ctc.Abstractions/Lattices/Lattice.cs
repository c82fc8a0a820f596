using System.Runtime.InteropServices;

namespace Ctc;

/// <summary>
/// All alignments of the targets of a batch with frames: states that each read one token per frame, and scored arcs between them.
/// </summary>
/// <remarks>
/// Any floating type and device is valid; the engine converts. ln Z of an utterance of N frames is the log-sum over
/// all paths s₀…s_{N−1} of Initial(s₀) + Σ arcs + Final(s_{N−1}) + Σ scores[t, label(s_t)].
/// </remarks>
public sealed class Lattice
{
    private static readonly Scalar NoPosition = -1;

    /// <summary>Creates a batch of lattices from its tensors, without copying them.</summary>
    /// <param name="labels">[B, S] tokens in [0, V), or classes from V on, of type int64. Padding states may hold any token.</param>
    /// <param name="arcs">The arcs between the states.</param>
    /// <param name="initial">[B, S] log-scores of starting in a state; −∞ where no path starts, padding states included.</param>
    /// <param name="final">[B, S] log-scores of ending in a state; −∞ where no path ends, padding states included.</param>
    /// <param name="empty">[B] log-scores of the empty path.</param>
    public Lattice(Tensor labels, Arcs arcs, Tensor initial, Tensor final, Tensor empty) =>
        (Labels, Arcs, Initial, Final, Empty) = (labels, arcs, initial, final, empty);

    /// <summary>Gets [B, S] the token that each state reads; V + c where it reads class c of <see cref="Classes"/>.</summary>
    public Tensor Labels { get; }

    /// <summary>Gets the arcs between the states.</summary>
    public Arcs Arcs { get; }

    /// <summary>Gets [B, S] the log-scores of starting in a state.</summary>
    public Tensor Initial { get; }

    /// <summary>Gets [B, S] the log-scores of ending in a state.</summary>
    public Tensor Final { get; }

    /// <summary>Gets [B] the log-score of the empty path, the only path of an utterance of no frames; −∞ if it is not allowed.</summary>
    public Tensor Empty { get; }

    /// <summary>Gets the classes of tokens that labels from V on read; null, the default, if every label is a token.</summary>
    public TokenClasses? Classes { get; init; }

    /// <summary>Gets [B, S] the position in the target of the token that each state reads, of type int64; −1 for blanks and padding.</summary>
    /// <value>Null, the default, if unknown. Boundaries of tokens are read from it.</value>
    public Tensor? Positions { get; init; }

    /// <summary>
    /// Gets the token of pauses: a path may leave out the states that read it, and what it reads between two tokens of the target belongs to neither.
    /// </summary>
    /// <value>Null, the default, if there are no pauses: edges of tokens then meet, also where a path reads blanks between them.</value>
    public long? Silence { get; init; }

    /// <summary>The same lattice with other labels.</summary>
    /// <param name="labels">[B, S] tokens.</param>
    /// <returns>A new lattice; this one is unchanged.</returns>
    public Lattice WithLabels(Tensor labels) => Copy(labels: labels);

    /// <summary>The same lattice with other arcs.</summary>
    /// <param name="arcs">Arcs between the same states.</param>
    /// <returns>A new lattice; this one is unchanged.</returns>
    public Lattice WithArcs(Arcs arcs) => Copy(arcs: arcs);

    /// <summary>The same lattice with other initial scores.</summary>
    /// <param name="initial">[B, S] log-scores.</param>
    /// <returns>A new lattice; this one is unchanged.</returns>
    public Lattice WithInitial(Tensor initial) => Copy(initial: initial);

    /// <summary>The same lattice with other final scores.</summary>
    /// <param name="final">[B, S] log-scores.</param>
    /// <returns>A new lattice; this one is unchanged.</returns>
    public Lattice WithFinal(Tensor final) => Copy(final: final);

    /// <summary>The same lattice with other classes.</summary>
    /// <param name="classes">The classes that labels from V on read.</param>
    /// <returns>A new lattice; this one is unchanged.</returns>
    public Lattice WithClasses(TokenClasses classes) => Copy(classes: classes);

    /// <summary>The same lattice with a token of pauses.</summary>
    /// <param name="silence">The token.</param>
    /// <returns>A new lattice; this one is unchanged.</returns>
    public Lattice WithSilence(long silence) => Copy(silence: silence);

    /// <summary>The same lattice in another floating type or on another device.</summary>
    /// <inheritdoc cref="Arcs.Cast"/>
    public Lattice Cast(torch.ScalarType type, torch.Device device) =>
        new(Labels.to(device), Arcs.Cast(type, device), Initial.to(type, device), Final.to(type, device), Empty.to(type, device))
        {
            Classes = Classes?.Cast(type, device), Positions = Positions?.to(device), Silence = Silence,
        };

    /// <summary>Builds a batch of lattices whose arcs are of a few fixed lengths, from rules for one utterance.</summary>
    /// <param name="labels">B label sequences, one label per state.</param>
    /// <param name="offsets">[K] the number of states that each arc advances; the first wins ties in Viterbi.</param>
    /// <param name="arc">The log-score of the arc into state s from state s − offset: <c>(labels, s, offset)</c>. Called only if s ≥ offset.</param>
    /// <param name="initial">The log-score of starting in state s: <c>(labels, s)</c>.</param>
    /// <param name="final">The log-score of ending in state s: <c>(labels, s)</c>.</param>
    /// <param name="empty">The log-score of the empty path: <c>(labels)</c>.</param>
    /// <param name="position">The position in the target of what state s reads, or −1: <c>(labels, s)</c>; by default unknown.</param>
    /// <returns>A lattice in double precision on the CPU, padded to the longest utterance.</returns>
    public static Lattice CreateBanded(
        IReadOnlyList<long[]> labels,
        IReadOnlyList<int> offsets,
        Func<long[], int, int, double> arc,
        Func<long[], int, double> initial,
        Func<long[], int, double> final,
        Func<long[], double> empty,
        Func<long[], int, long>? position = null)
    {
        int[] steps = [.. offsets];
        return Build(labels, offsets, position is not null, empty, (own, row) =>
        {
            for (int s = 0; s < own.Length; s++)
            {
                row.Initial[s] = initial(own, s);
                row.Final[s] = final(own, s);
                if (position is not null) row.Positions[s] = position(own, s);
                for (int k = 0; k < steps.Length; k++)
                {
                    if (s >= steps[k]) row.Arcs(k)[s] = arc(own, s, steps[k]);
                }
            }
        });
    }

    /// <summary>Builds the lattices of CTC and its variants: the states of a <see cref="WovenTarget"/>, and the steps that a rule allows.</summary>
    /// <param name="batch">A batch with a blank.</param>
    /// <param name="topology">The name of the topology, for the message of the exception.</param>
    /// <param name="allowed">The rule for steps, such as <see cref="WovenTarget.Ctc"/>.</param>
    /// <returns>A lattice in double precision on the CPU, padded to the longest target.</returns>
    /// <exception cref="ArgumentException">The batch has no blank.</exception>
    public static Lattice FromTargets(Batch batch, string topology, StepRule allowed)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(allowed);
        long blank = batch.Blank ?? throw new ArgumentException($"The topology {topology} needs a blank, and the batch has none.", nameof(batch));
        long[][] labels = [.. batch.Targets.Select(target => WovenTarget.States(target, blank))];
        return Build(labels, WovenTarget.Steps, positions: true, states => WovenTarget.Score(states.Length == 1), (states, row) =>
        {
            for (int s = 0; s < states.Length && WovenTarget.IsStart(s); s++) row.Initial[s] = 0;
            for (int s = states.Length - 1; s >= 0 && WovenTarget.IsEnd(s, states.Length); s--) row.Final[s] = 0;
            for (int s = 1; s < states.Length; s += 2) row.Positions[s] = s / 2;
            foreach (int step in WovenTarget.Steps)
            {
                Span<double> arcs = row.Arcs(step);
                for (int s = step; s < states.Length; s++) arcs[s] = WovenTarget.Score(allowed(states, s, step));
            }
        });
    }

    /// <summary>Builds a batch of lattices from graphs.</summary>
    /// <param name="graphs">B graphs.</param>
    /// <returns>
    /// A lattice in double precision on the CPU, padded to the largest number of states. The arcs into a state fill its slots in the order of the
    /// graph's list; K is the largest number of arcs into any state.
    /// </returns>
    public static Lattice FromGraphs(IReadOnlyList<Graph> graphs)
    {
        int batch = graphs.Count, states = graphs.Select(graph => graph.Labels.Count).Append(1).Max();
        int slots = Math.Max(1, graphs.Select(MostArcsIntoState).Append(0).Max());
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

        return new Lattice(
            padded, new IndexedArcs(origins, scores), initials, finals, torch.tensor([.. graphs.Select(graph => graph.Empty)], [batch]));
    }

    // Lets each utterance fill its own row.
    private static Lattice Build(
        IReadOnlyList<long[]> labels, IReadOnlyList<int> offsets, bool positions, Func<long[], double> empty, Action<long[], BandedRow> fill)
    {
        int batch = labels.Count, states = labels.Select(row => row.Length).Append(1).Max();
        Tensor padded = torch.zeros([batch, states], torch.int64), scores = Impossible(offsets.Count, batch, states);
        Tensor initials = Impossible(batch, states), finals = Impossible(batch, states);
        Tensor? places = positions ? torch.full([batch, states], NoPosition, torch.int64) : null;
        Span<long> read = Numbers<long>(padded), positionsRead = places is null ? [] : Numbers<long>(places);
        Span<double> arcs = Numbers<double>(scores), starts = Numbers<double>(initials), ends = Numbers<double>(finals);
        for (int b = 0; b < batch; b++)
        {
            int first = b * states, length = labels[b].Length;
            labels[b].CopyTo(read[first..]);
            fill(labels[b], new BandedRow(
                starts.Slice(first, length),
                ends.Slice(first, length),
                places is null ? [] : positionsRead.Slice(first, length),
                arcs[first..],
                batch * states,
                length));
        }

        return new Lattice(padded, new BandedArcs(offsets, scores), initials, finals, torch.tensor([.. labels.Select(empty)], [batch]))
        {
            Positions = places,
        };
    }

    private Lattice Copy(
        Tensor? labels = null, Arcs? arcs = null, Tensor? initial = null, Tensor? final = null, TokenClasses? classes = null,
        long? silence = null) =>
        new(labels ?? Labels, arcs ?? Arcs, initial ?? Initial, final ?? Final, Empty)
        {
            Classes = classes ?? Classes, Positions = Positions, Silence = silence ?? Silence,
        };

    private static int MostArcsIntoState(Graph graph)
    {
        var into = new int[graph.Labels.Count];
        foreach (GraphArc arc in graph.Arcs) into[arc.To]++;
        return into.Append(0).Max();
    }

    private static Tensor Impossible(params long[] shape)
    {
        Tensor scores = torch.empty(shape, torch.float64);
        Numbers<double>(scores).Fill(double.NegativeInfinity);
        return scores;
    }

    // Lattices are written in place: managed arrays of this size would cause a garbage collection in every training step.
    private static Span<T> Numbers<T>(Tensor tensor)
        where T : struct => tensor.numel() == 0 ? [] : MemoryMarshal.Cast<byte, T>(tensor.bytes);

    // The numbers of one utterance.
    private readonly ref struct BandedRow(Span<double> initial, Span<double> final, Span<long> positions, Span<double> arcs, int slot, int states)
    {
        private readonly Span<double> arcs = arcs;

        public Span<double> Initial { get; } = initial;

        public Span<double> Final { get; } = final;

        public Span<long> Positions { get; } = positions;

        public Span<double> Arcs(int k) => arcs.Slice(k * slot, states);
    }
}
