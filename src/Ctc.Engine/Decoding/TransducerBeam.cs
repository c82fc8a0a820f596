namespace Ctc.Engine.Decoding;

/// <summary>The beam of one utterance over sequences of tokens.</summary>
/// <typeparam name="TState">The state after some tokens.</typeparam>
internal sealed class TransducerBeam<TState>(ITransducerModel<TState> model, int width, long blank, int tokensPerFrame)
{
    /// <summary>Reads all frames.</summary>
    /// <returns>The best hypothesis first.</returns>
    public IReadOnlyList<Hypothesis> Read()
    {
        List<Entry> beam = [new(new Node(null, -1, 0) { State = model.Start, HasState = true }, 0, 0)];
        for (int t = 0; t < model.Frames; t++)
        {
            beam = Best(ThroughFrame(t, beam));
            Retain(beam);
        }

        return [.. beam.Select(entry => new Hypothesis(entry.Node.Tokens(), entry.Score))];
    }

    // The sequences after the blank of the frame. Shorter ones come first: when a sequence is extended, its score is complete.
    private List<Entry> ThroughFrame(int t, List<Entry> beam)
    {
        var after = new List<Entry>();
        var byLength = new SortedDictionary<int, Dictionary<Node, Entry>>();
        foreach (Entry entry in beam) Add(entry with { Emitted = 0 });
        while (byLength.Count > 0)
        {
            (int length, Dictionary<Node, Entry> level) = byLength.First();
            byLength.Remove(length);
            foreach (Entry entry in Best(level.Values))
            {
                ReadOnlySpan<double> next = model.LogProbs(t, StateOf(entry.Node));
                after.Add(entry with { Score = entry.Score + next[(int)blank] });
                for (int v = 0; v < next.Length && entry.Emitted < tokensPerFrame; v++)
                {
                    if (v != blank && next[v] > double.NegativeInfinity)
                    {
                        Add(new Entry(entry.Node.Child(v), entry.Score + next[v], entry.Emitted + 1));
                    }
                }
            }
        }

        return after;

        void Add(Entry entry)
        {
            if (!byLength.TryGetValue(entry.Node.Length, out Dictionary<Node, Entry>? level)) byLength[entry.Node.Length] = level = [];
            level[entry.Node] = level.TryGetValue(entry.Node, out Entry same)
                ? new Entry(entry.Node, LogSum(entry.Score, same.Score), Math.Min(entry.Emitted, same.Emitted))
                : entry;
        }
    }

    private List<Entry> Best(IEnumerable<Entry> entries)
    {
        List<Entry> sorted = [.. entries.Where(entry => entry.Score > double.NegativeInfinity)];
        sorted.Sort();
        return sorted.Count > width ? sorted[..width] : sorted;
    }

    private TState StateOf(Node node)
    {
        if (node.HasState) return node.State!;
        (node.State, node.HasState) = (model.Advance(StateOf(node.Parent!), node.Token), true);
        return node.State;
    }

    // Only the sequences of the beam, and those that they begin with, stay in memory.
    private static void Retain(List<Entry> beam)
    {
        foreach (Entry entry in beam) for (Node? node = entry.Node; node is not null; node = node.Parent) node.Children.Clear();
        foreach (Entry entry in beam) for (Node node = entry.Node; node.Parent is { } parent; node = parent) parent.Children[node.Token] = node;
    }

    private static double LogSum(double x, double y) => Math.Max(x, y) + Math.Log(1 + Math.Exp(-Math.Abs(x - y)));

    private readonly record struct Entry(Node Node, double Score, int Emitted) : IComparable<Entry>
    {
        // The higher score first; among equal ones the order of the tokens.
        public int CompareTo(Entry other) =>
            other.Score.CompareTo(Score) is not 0 and var byScore ? byScore : Node.Tokens().AsSpan().SequenceCompareTo(other.Node.Tokens());
    }

    // A sequence of tokens: there is one node for each, so that nodes compare by reference.
    private sealed class Node(Node? parent, long token, int length)
    {
        public Node? Parent => parent;

        public long Token => token;

        public int Length => length;

        public bool HasState { get; set; }

        public TState? State { get; set; }

        public Dictionary<long, Node> Children { get; } = [];

        public Node Child(long next)
        {
            if (!Children.TryGetValue(next, out Node? child)) Children[next] = child = new Node(this, next, length + 1);
            return child;
        }

        public long[] Tokens()
        {
            var tokens = new long[length];
            for (Node node = this; node.Parent is { } before; node = before) tokens[node.Length - 1] = node.Token;
            return tokens;
        }
    }
}
