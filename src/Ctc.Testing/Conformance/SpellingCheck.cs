using Ctc.Testing.Oracles;

namespace Ctc.Testing.Conformance;

/// <summary>Checks what the paths of a topology spell.</summary>
internal static class SpellingCheck
{
    /// <summary>
    /// Compares what each path of the numerator spells with its target. Under some topologies several targets share a path, which can spell only one
    /// of them: a path must spell a target of which it is a path. Of a class of tokens one is taken, another in each frame.
    /// </summary>
    public static string? Spelling(Setting setting, CheckCase drawn)
    {
        var topology = (ITopology)setting.Only(setting.Parts(drawn));
        Batch batch = drawn.Batch;
        Lattice lattice = topology.Build(batch).Numerator;
        for (int b = 0; b < batch.Size; b++)
        {
            var scores = new double[batch.Frames[b], batch.Tokens];
            var listed = new ListedLattice(lattice, scores, b);
            foreach (LatticePath path in LatticePathEnumeration.Paths(lattice, scores, b))
            {
                if (Fault(topology, batch, b, [.. path.States.Select((state, t) => Token(listed, t, state))]) is { } fault) return fault;
            }
        }

        return null;
    }

    /// <summary>Compares what a path of the numerator spells with its target.</summary>
    /// <param name="topology">The topology.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="b">The utterance.</param>
    /// <param name="tokens">The token of each of its frames.</param>
    public static string? Fault(ITopology topology, Batch batch, int b, long[] tokens)
    {
        long[] spelled = topology.Spell(tokens, batch.Vocabulary);
        return spelled.SequenceEqual(batch.Targets[b]) || IsPathOf(topology, batch, b, spelled, tokens)
            ? null
            : $"the path {Shown(tokens)} of utterance {b} spells {Shown(spelled)}; expected its target, {Shown(batch.Targets[b])}, "
                + "or another target of which it is a path";
    }

    /// <summary>Returns whether targets can have a token.</summary>
    public static bool IsOfTargets(long token, Vocabulary vocabulary) =>
        token >= 0 && token < vocabulary.TargetTokens && token != vocabulary.Blank;

    private static long Token(ListedLattice listed, int t, int state)
    {
        int[] read = [.. Read(listed, t, state)];
        return read[(t + state) % read.Length];
    }

    private static IEnumerable<int> Read(ListedLattice listed, int t, int state) =>
        listed.Shares(t, state).Where(token => token.Share > 0).Select(token => token.Token);

    private static bool IsPathOf(ITopology topology, Batch batch, int b, long[] target, long[] tokens)
    {
        Vocabulary vocabulary = batch.Vocabulary;
        if (!target.All(token => IsOfTargets(token, vocabulary))) return false;
        Batch other = batch.WithTargets([.. batch.Targets.Select((own, i) => i == b ? target : own)]);
        var listed = new ListedLattice(topology.Build(other).Numerator, new double[tokens.Length, batch.Tokens], b);
        if (tokens.Length == 0) return !double.IsNegativeInfinity(listed.Empty);

        // The states that a beginning of the path can be in.
        int[] states = [.. listed.Starts.Select(start => start.State).Where(state => Reads(0, state))];
        for (int frame = 1; frame < tokens.Length; frame++)
        {
            int t = frame;
            states = [.. states.SelectMany(state => listed.From(state, t)).Select(arc => arc.State).Distinct().Where(state => Reads(t, state))];
        }

        return states.Any(state => !double.IsNegativeInfinity(listed.Final[state]));

        bool Reads(int t, int state) => Read(listed, t, state).Contains((int)tokens[t]);
    }

    private static string Shown(IEnumerable<long> tokens) => $"[{string.Join(", ", tokens)}]";
}
