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
}

/// <summary>What a topology makes of the targets. The loss is ln Z of the denominator minus ln Z of the numerator.</summary>
/// <param name="Numerator">The paths that spell the target.</param>
/// <param name="Denominator">All paths; null where their sum is known to be 1, as with normalised emissions under CTC.</param>
public sealed record Lattices(Lattice Numerator, Lattice? Denominator = null);
