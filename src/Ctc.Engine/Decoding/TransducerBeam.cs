namespace Ctc.Engine.Decoding;

/// <summary>The beam of one utterance over sequences of tokens.</summary>
/// <typeparam name="TState">The state after some tokens.</typeparam>
/// <param name="model">The utterance.</param>
/// <param name="width">The sequences that are kept.</param>
/// <param name="blank">The token of the blank.</param>
/// <param name="tokensPerFrame">The most tokens by which a sequence is extended in a frame.</param>
/// <param name="scores">Scores beside the model's; null for none.</param>
internal sealed class TransducerBeam<TState>(
    ITransducerModel<TState> model, int width, long blank, int tokensPerFrame, ISequenceScores? scores = null)
{
    /// <summary>Gets whether a token leads to the next frame, as the blank does.</summary>
    public bool IsMonotonic { get; init; }

    /// <summary>Reads all frames.</summary>
    /// <returns>The best hypothesis first.</returns>
    public IReadOnlyList<Hypothesis> Read()
    {
        var root = new Node(null, -1, 0) { State = model.Start, HasState = true, Sequence = scores?.Start };
        List<Entry> beam = [new(root, 0, 0, new Alignment(0, null))];
        for (int t = 0; t < model.Frames; t++)
        {
            beam = Best(IsMonotonic ? ThroughOneToken(t, beam) : ThroughFrame(t, beam));
            Retain(beam);
        }

        if (scores is not null)
        {
            beam = Best(beam.Select(entry => entry with { Score = entry.Rank + scores.End(SequenceOf(entry.Node)), IsWhole = true }));
        }

        return [.. beam.Select(entry => new Hypothesis(entry.Node.Tokens(), entry.Score) { Frames = entry.Best.Frames(entry.Node.Length) })];
    }

    // The sequences after the blank of the frame. Shorter ones come first: when a sequence is extended, its score is complete.
    private List<Entry> ThroughFrame(int t, List<Entry> beam)
    {
        var after = new List<Entry>();
        var best = new PriorityQueue<double, double>(); // of the sequences after the blank, as many as the width
        var byLength = new SortedDictionary<int, Dictionary<Node, Entry>>();
        foreach (Entry entry in beam) Add(entry with { Emitted = 0 });
        while (byLength.Count > 0)
        {
            (int length, Dictionary<Node, Entry> level) = byLength.First();
            byLength.Remove(length);
            foreach (Entry entry in Best(level.Values))
            {
                ReadOnlySpan<double> next = model.LogProbs(t, StateOf(entry.Node));
                Entry ended = entry with { Score = entry.Score + next[(int)blank], Best = entry.Best.Wait(next[(int)blank]) };
                after.Add(ended);
                if (best.Count == width) best.EnqueueDequeue(ended.Rank, ended.Rank);
                else best.Enqueue(ended.Rank, ended.Rank);
                double lowest = best.Count == width ? best.Peek() : double.NegativeInfinity;
                for (int v = 0; v < next.Length && entry.Emitted < tokensPerFrame; v++)
                {
                    // Probabilities only lower a score: what is below the beam here is below it after the frame.
                    if (v == blank || !(next[v] > double.NegativeInfinity)) continue;
                    double gain = scores?.Gain(SequenceOf(entry.Node), v) ?? 0;
                    if (entry.Rank + next[v] + gain < lowest) continue;
                    Add(new Entry(Child(entry.Node, v, gain), entry.Score + next[v], entry.Emitted + 1, entry.Best.Emit(t, next[v])));
                }
            }
        }

        return after;

        void Add(Entry entry)
        {
            if (!byLength.TryGetValue(entry.Node.Length, out Dictionary<Node, Entry>? level)) byLength[entry.Node.Length] = level = [];
            level[entry.Node] = level.TryGetValue(entry.Node, out Entry same) ? same.With(entry) : entry;
        }
    }

    // The sequences after the blank of the frame or one token.
    private List<Entry> ThroughOneToken(int t, List<Entry> beam)
    {
        var after = new Dictionary<Node, Entry>();
        foreach (Entry entry in beam)
        {
            ReadOnlySpan<double> next = model.LogProbs(t, StateOf(entry.Node));
            for (int v = 0; v < next.Length; v++)
            {
                if (!(next[v] > double.NegativeInfinity)) continue;
                Node node = v == blank ? entry.Node : Child(entry.Node, v, scores?.Gain(SequenceOf(entry.Node), v) ?? 0);
                Alignment best = v == blank ? entry.Best.Wait(next[v]) : entry.Best.Emit(t, next[v]);
                var reached = new Entry(node, entry.Score + next[v], 0, best);
                after[node] = after.TryGetValue(node, out Entry same) ? same.With(reached) : reached;
            }
        }

        return [.. after.Values];
    }

    private List<Entry> Best(IEnumerable<Entry> entries)
    {
        List<Entry> sorted = [.. entries.Where(entry => entry.Rank > double.NegativeInfinity)];
        sorted.Sort();
        return sorted.Count > width ? sorted[..width] : sorted;
    }

    private TState StateOf(Node node)
    {
        if (node.HasState) return node.State!;
        (node.State, node.HasState) = (model.Advance(StateOf(node.Parent!), node.Token), true);
        return node.State;
    }

    private int SequenceOf(Node node) => node.Sequence ??= scores!.Extend(SequenceOf(node.Parent!), node.Token);

    private static Node Child(Node node, long next, double gain)
    {
        if (!node.Children.TryGetValue(next, out Node? child))
        {
            node.Children[next] = child = new Node(node, next, node.Length + 1) { Gained = node.Gained + gain };
        }

        return child;
    }

    // Only the sequences of the beam, and those that they begin with, stay in memory.
    private static void Retain(List<Entry> beam)
    {
        foreach (Entry entry in beam) for (Node? node = entry.Node; node is not null; node = node.Parent) node.Children.Clear();
        foreach (Entry entry in beam) for (Node node = entry.Node; node.Parent is { } parent; node = parent) parent.Children[node.Token] = node;
    }

    private readonly record struct Entry(Node Node, double Score, int Emitted, Alignment Best) : IComparable<Entry>
    {
        // Both ways to the same sequence.
        public Entry With(Entry other) => this with
        {
            Score = LogSum.Of(other.Score, Score), Emitted = Math.Min(other.Emitted, Emitted), Best = Alignment.Better(Best, other.Best),
        };

        // Whether the score has all of the sequence; else that of the model alone.
        public bool IsWhole { get; init; }

        public double Rank => IsWhole ? Score : Score + Node.Gained;

        // The higher score first; among equal ones the order of the tokens.
        public int CompareTo(Entry other) =>
            other.Rank.CompareTo(Rank) is not 0 and var byScore ? byScore : Node.Tokens().AsSpan().SequenceCompareTo(other.Node.Tokens());
    }

    // The best alignment of a sequence among those that stay in the beam.
    private readonly record struct Alignment(double Score, Emission? Last)
    {
        public Alignment Wait(double score) => this with { Score = Score + score };

        public Alignment Emit(int frame, double score) => new(Score + score, new Emission(frame, Last));

        // Among equal ones that whose last token comes first.
        public static Alignment Better(Alignment one, Alignment other) =>
            other.Score > one.Score || (other.Score == one.Score && other.Last?.Frame < one.Last?.Frame) ? other : one;

        public int[] Frames(int length)
        {
            var frames = new int[length];
            for (Emission? emission = Last; emission is not null; emission = emission.Before) frames[--length] = emission.Frame;
            return frames;
        }
    }

    // The frame of a token, linked to that of the token before it.
    private sealed class Emission(int frame, Emission? before)
    {
        public int Frame => frame;

        public Emission? Before => before;
    }

    // A sequence of tokens: there is one node for each, so that nodes compare by reference.
    private sealed class Node(Node? parent, long token, int length)
    {
        public Node? Parent => parent;

        public long Token => token;

        public int Length => length;

        public bool HasState { get; set; }

        public TState? State { get; set; }

        // Null until its scores are read.
        public int? Sequence { get; set; }

        // The scores beside the model's.
        public double Gained { get; init; }

        public Dictionary<long, Node> Children { get; } = [];

        public long[] Tokens()
        {
            var tokens = new long[length];
            for (Node node = this; node.Parent is { } before; node = before) tokens[node.Length - 1] = node.Token;
            return tokens;
        }
    }
}
