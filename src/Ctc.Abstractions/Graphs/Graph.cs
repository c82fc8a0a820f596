namespace Ctc;

/// <summary>The states and arcs of one utterance: several spellings or pronunciations, weights, cycles. Used by the topology <c>graph</c>.</summary>
/// <remarks>
/// <para>
/// A path is in one state in each frame and reads that state's token there; between frames it takes an arc, a self-loop included. Its score is
/// Initial + Σ arcs + Final + Σ scores[t, label]. Nothing is implied: a state that may last has a self-loop, and a blank is a state
/// that reads the blank.
/// </para>
/// <para>
/// Ties in Viterbi are decided backwards from the end: the final state with the higher number wins, then, of the arcs into a state, the first in
/// the list. Two arcs between the same states are two paths.
/// </para>
/// <para>Managed data, checked once; no tensors. Source: the user-given lattices of k2 and gtn.</para>
/// </remarks>
public sealed class Graph
{
    /// <summary>Creates a graph from copies of the lists, after checking them.</summary>
    /// <param name="labels">[S] the token that each state reads, the blank included; 0 or more.</param>
    /// <param name="arcs">The arcs, in any order.</param>
    /// <param name="initial">The states where a path may start, with scores. Each state at most once.</param>
    /// <param name="final">The states where a path may end, with scores. Each state at most once.</param>
    /// <param name="empty">Log-score of the empty path, the only path of an utterance of no frames; by default −∞, no such path.</param>
    /// <exception cref="ArgumentException">A label is negative, a state does not exist or is listed twice, or a score is NaN or +∞.</exception>
    public Graph(
        IReadOnlyList<long> labels,
        IReadOnlyList<GraphArc> arcs,
        IReadOnlyList<ScoredState> initial,
        IReadOnlyList<ScoredState> final,
        double empty = double.NegativeInfinity)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(arcs);
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentNullException.ThrowIfNull(final);

        // Copies: what is checked here cannot be changed afterwards.
        (Labels, Arcs, Initial, Final, Empty) = ([.. labels], [.. arcs], [.. initial], [.. final], empty);
        for (int s = 0; s < Labels.Count; s++)
        {
            if (Labels[s] < 0) throw new ArgumentException($"states[{s}] reads token {Labels[s]}; expected 0 or more.", nameof(labels));
        }

        // The sentence of an error is made only for one: a batch may have a million arcs.
        for (int i = 0; i < Arcs.Count; i++)
        {
            GraphArc arc = Arcs[i];
            if (!IsState(arc.From)) throw NoState(nameof(arcs), $"arcs[{i}] comes from", arc.From);
            if (!IsState(arc.To)) throw NoState(nameof(arcs), $"arcs[{i}] goes to", arc.To);
            if (!IsScore(arc.Score)) throw NoScore(nameof(arcs), $"arcs[{i}]", arc.Score);
        }

        CheckEnds(nameof(initial), Initial);
        CheckEnds(nameof(final), Final);
        if (!IsScore(empty)) throw NoScore(nameof(empty), nameof(empty), empty);
    }

    /// <summary>Gets the token that each of the S states reads.</summary>
    public IReadOnlyList<long> Labels { get; }

    /// <summary>Gets the arcs. Their order decides ties in Viterbi.</summary>
    public IReadOnlyList<GraphArc> Arcs { get; }

    /// <summary>Gets the states where a path may start.</summary>
    public IReadOnlyList<ScoredState> Initial { get; }

    /// <summary>Gets the states where a path may end.</summary>
    public IReadOnlyList<ScoredState> Final { get; }

    /// <summary>Gets the log-score of the empty path; −∞ where there is none.</summary>
    public double Empty { get; }

    /// <summary>Creates the graph of a <see cref="WovenTarget"/> with the steps that a rule allows, by default those of CTC.</summary>
    /// <param name="target">[U] tokens without blanks.</param>
    /// <param name="blank">The token of the blank.</param>
    /// <param name="allowed">Which steps are allowed; by default <see cref="WovenTarget.Ctc"/>.</param>
    /// <returns>2U + 1 states, with the same paths and the same ties as in <see cref="Lattice.FromTargets"/>.</returns>
    public static Graph FromTarget(long[] target, long blank, StepRule? allowed = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        allowed ??= WovenTarget.Ctc;
        long[] states = WovenTarget.States(target, blank);
        int[] all = [.. Enumerable.Range(0, states.Length)];
        var arcs = new List<GraphArc>(WovenTarget.Steps.Length * states.Length);
        foreach (int s in all)
        {
            foreach (int step in WovenTarget.Steps)
            {
                if (s >= step && allowed(states, s, step)) arcs.Add(new GraphArc(s - step, s));
            }
        }

        return new Graph(
            states,
            arcs,
            [.. all.Where(WovenTarget.IsStart).Select(s => new ScoredState(s))],
            [.. all.Where(s => WovenTarget.IsEnd(s, states.Length)).Select(s => new ScoredState(s))],
            WovenTarget.Score(states.Length == 1));
    }

    /// <summary>Creates the union of graphs: each path is a path of one of them.</summary>
    /// <param name="alternatives">Graphs, each with a log-score that is added to its paths, for example the log-probability of a spelling.</param>
    /// <returns>A graph with the states of all graphs, in this order.</returns>
    public static Graph AnyOf(params IReadOnlyList<(Graph Graph, double Score)> alternatives)
    {
        ArgumentNullException.ThrowIfNull(alternatives);
        var labels = new List<long>();
        var arcs = new List<GraphArc>();
        List<ScoredState> initial = [], final = [];
        double empty = 0;
        foreach ((Graph graph, double score) in alternatives)
        {
            int shift = labels.Count;
            labels.AddRange(graph.Labels);
            arcs.AddRange(graph.Arcs.Select(arc => arc with { From = arc.From + shift, To = arc.To + shift }));
            initial.AddRange(graph.Initial.Select(start => new ScoredState(start.State + shift, start.Score + score)));
            final.AddRange(graph.Final.Select(end => end with { State = end.State + shift }));
            empty += Math.Exp(graph.Empty + score);
        }

        return new Graph(labels, arcs, initial, final, Math.Log(empty));
    }

    /// <summary>The smallest number of frames of any path. With fewer, the graph is infeasible; with more, it may be. O(states + arcs).</summary>
    /// <returns>0 where the empty path is accepted; <see cref="long.MaxValue"/> where there is no path at all.</returns>
    public long MinimumFrames()
    {
        if (Possible(Empty)) return 0;
        ILookup<int, int> next = Arcs.Where(arc => Possible(arc.Score)).ToLookup(arc => arc.From, arc => arc.To);
        HashSet<int> ends = [.. Final.Where(end => Possible(end.Score)).Select(end => end.State)];
        HashSet<int> frontier = [.. Initial.Where(start => Possible(start.Score)).Select(start => start.State)], seen = [.. frontier];
        for (long frames = 1; frontier.Count > 0; frames++)
        {
            if (frontier.Overlaps(ends)) return frames;
            frontier = [.. frontier.SelectMany(state => next[state]).Where(seen.Add)];
        }

        return long.MaxValue;
    }

    private static bool Possible(double score) => !double.IsNegativeInfinity(score);

    private void CheckEnds(string name, IReadOnlyList<ScoredState> ends)
    {
        var seen = new HashSet<int>();
        for (int i = 0; i < ends.Count; i++)
        {
            (int state, double score) = ends[i];
            if (!IsState(state)) throw NoState(name, $"{name}[{i}] is", state);
            if (!IsScore(score)) throw NoScore(name, $"{name}[{i}]", score);
            if (!seen.Add(state)) throw new ArgumentException($"{name}[{i}] is state {state} again; expected each state once.", name);
        }
    }

    private bool IsState(int state) => state >= 0 && state < Labels.Count;

    private static bool IsScore(double score) => score < double.PositiveInfinity; // and not NaN

    private ArgumentException NoState(string parameter, string what, int state) =>
        new($"{what} state {state}; expected a state in [0, {Labels.Count}).", parameter);

    private static ArgumentException NoScore(string parameter, string what, double score) =>
        new($"{what} scores {score}; expected a number, or −∞ for what is not allowed.", parameter);
}

/// <summary>An arc of a <see cref="Graph"/>.</summary>
/// <param name="From">The state in the frame before.</param>
/// <param name="To">The state that is entered.</param>
/// <param name="Score">A log-score in nats; 0 by default.</param>
public readonly record struct GraphArc(int From, int To, double Score = 0);

/// <summary>A state of a <see cref="Graph"/> where paths may start or end.</summary>
/// <param name="State">Its number.</param>
/// <param name="Score">A log-score in nats; 0 by default.</param>
public readonly record struct ScoredState(int State, double Score = 0);
