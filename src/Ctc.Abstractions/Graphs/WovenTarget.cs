namespace Ctc;

/// <summary>
/// The target with a blank before, between and after its tokens: the S = 2U + 1 states of CTC and its variants, which differ only in their steps.
/// </summary>
/// <remarks>
/// State s reads the blank if s is even, and token (s − 1) / 2 of the target if s is odd. A path starts in one of the first two states
/// and ends in one of the last two. The order of the steps is stay, advance, skip, which is also the rule for ties in Viterbi.
/// <see cref="Lattice.FromTargets"/> and <see cref="Graph.FromTarget"/> use these states.
/// </remarks>
public static class WovenTarget
{
    /// <summary>The step that keeps the state.</summary>
    public const int Stay = 0;

    /// <summary>The step to the next state.</summary>
    public const int Advance = 1;

    /// <summary>The step over one state.</summary>
    public const int Skip = 2;

    internal static readonly int[] Steps = [Stay, Advance, Skip];

    /// <summary>
    /// The steps of CTC: stay, advance, or skip the blank between two different tokens. Source: Graves et al., ICML 2006, section 4.
    /// </summary>
    /// <param name="states">The tokens that the states read.</param>
    /// <param name="state">The state that is entered.</param>
    /// <param name="step">The number of states advanced; at most <paramref name="state"/>.</param>
    /// <returns>Whether it is allowed.</returns>
    public static bool Ctc(ReadOnlySpan<long> states, int state, int step) =>
        step < Skip || (IsToken(state) && states[state] != states[state - Skip]);

    /// <summary>Determines whether a state reads a token of the target rather than the blank.</summary>
    /// <param name="state">In [0, 2U + 1).</param>
    /// <returns>True for a token of the target.</returns>
    public static bool IsToken(int state) => state % 2 == 1;

    internal static long[] States(long[] target, long blank)
    {
        var states = new long[(2 * target.Length) + 1];
        Array.Fill(states, blank);
        for (int u = 0; u < target.Length; u++) states[(2 * u) + 1] = target[u];
        return states;
    }

    internal static bool IsStart(int state) => state < 2;

    internal static bool IsEnd(int state, int states) => state >= states - 2;

    internal static double Score(bool allowed) => allowed ? 0 : double.NegativeInfinity;
}

/// <summary>The rule of a topology over a woven target: which steps are allowed.</summary>
/// <param name="states">The tokens that the states read.</param>
/// <param name="state">The state that is entered.</param>
/// <param name="step">The number of states advanced; at most <paramref name="state"/>.</param>
/// <returns>Whether it is allowed.</returns>
public delegate bool StepRule(ReadOnlySpan<long> states, int state, int step);
