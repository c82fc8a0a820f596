namespace Ctc;

/// <summary>The target with a blank before, between and after its tokens: the S = 2U + 1 states of CTC and its kin, which differ in their steps alone.</summary>
/// <remarks>
/// State s reads the blank where s is even, and token (s − 1) / 2 of the target where it is odd. A path starts in one of the first two states
/// and ends in one of the last two. Steps are tried in the order stay, advance, skip, which is also the rule for ties in Viterbi.
/// </remarks>
public static class WovenTarget
{
    /// <summary>The step that keeps the state.</summary>
    public const int Stay = 0;

    /// <summary>The step to the next state.</summary>
    public const int Advance = 1;

    /// <summary>The step over one state.</summary>
    public const int Skip = 2;

    private static readonly int[] Steps = [Stay, Advance, Skip];

    /// <summary>The steps of CTC: stay, advance, or skip the blank between two different tokens. Source: Graves et al., ICML 2006, section 4.</summary>
    /// <param name="states">The tokens that the states read.</param>
    /// <param name="state">The state that is entered.</param>
    /// <param name="step">How many states back the step began; at most <paramref name="state"/>.</param>
    /// <returns>Whether it is allowed.</returns>
    public static bool Ctc(ReadOnlySpan<long> states, int state, int step) =>
        step < Skip || (IsToken(state) && states[state] != states[state - Skip]);

    /// <summary>Tells a state that reads a token of the target from one that reads the blank.</summary>
    /// <param name="state">In [0, 2U + 1).</param>
    /// <returns>True for a token of the target.</returns>
    public static bool IsToken(int state) => state % 2 == 1;

    /// <summary>Weaves the targets of a batch.</summary>
    /// <param name="batch">Has a blank.</param>
    /// <param name="topology">The name to complain under.</param>
    /// <param name="allowed">As <see cref="Ctc"/>.</param>
    /// <returns>A lattice that is padded to the longest target.</returns>
    /// <exception cref="ArgumentException">The batch has no blank.</exception>
    public static Lattice Lattice(Batch batch, string topology, StepRule allowed)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long blank = batch.Blank ?? throw new ArgumentException($"The topology {topology} needs a blank, and the batch has none.");
        return global::Ctc.Lattice.Banded(
            [.. batch.Targets.Select(target => States(target, blank))],
            Steps,
            arc: (states, s, step) => Score(allowed(states, s, step)),
            initial: (_, s) => Score(Starts(s)),
            final: (states, s) => Score(Ends(s, states.Length)),
            empty: states => Score(states.Length == 1));
    }

    /// <summary>Weaves one target, as a graph.</summary>
    /// <param name="target">[U] tokens without blanks.</param>
    /// <param name="blank">The token of the blank.</param>
    /// <param name="allowed">As <see cref="Ctc"/>.</param>
    /// <returns>The same paths and the same ties as in the lattice.</returns>
    public static Graph Graph(long[] target, long blank, StepRule allowed)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(allowed);
        long[] states = States(target, blank);
        int[] all = [.. Enumerable.Range(0, states.Length)];
        return new Graph(
            states,
            [.. all.SelectMany(_ => Steps, (s, step) => (s, step))
                .Where(arc => arc.s >= arc.step && allowed(states, arc.s, arc.step))
                .Select(arc => new GraphArc(arc.s - arc.step, arc.s))],
            [.. all.Where(Starts).Select(s => new ScoredState(s))],
            [.. all.Where(s => Ends(s, states.Length)).Select(s => new ScoredState(s))],
            Score(states.Length == 1));
    }

    private static long[] States(long[] target, long blank)
    {
        var states = new long[(2 * target.Length) + 1];
        Array.Fill(states, blank);
        for (int u = 0; u < target.Length; u++) states[(2 * u) + 1] = target[u];
        return states;
    }

    private static bool Starts(int state) => state < 2;

    private static bool Ends(int state, int states) => state >= states - 2;

    private static double Score(bool allowed) => allowed ? 0 : double.NegativeInfinity;
}

/// <summary>Says which steps a topology over a woven target allows.</summary>
/// <param name="states">The tokens that the states read.</param>
/// <param name="state">The state that is entered.</param>
/// <param name="step">How many states back the step began; at most <paramref name="state"/>.</param>
/// <returns>Whether it is allowed.</returns>
public delegate bool StepRule(ReadOnlySpan<long> states, int state, int step);
