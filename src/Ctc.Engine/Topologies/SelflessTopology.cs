namespace Ctc.Engine.Topologies;

/// <summary>CTC in which a token takes exactly one frame: only blanks repeat, and every blank between two tokens may be skipped.</summary>
/// <remarks>
/// Without its blanks a path is the target, token for token, so nothing is merged and no two targets share a path: as under ctc, the
/// probabilities of all targets sum to 1. Source: Laptev, Majumdar and Ginsburg, "CTC Variations Through New WFST Topologies", Interspeech 2022.
/// </remarks>
[Part(
    "selfless",
    Summary = "Each token takes one frame; blanks fill the others and may be skipped everywhere, also between equal tokens.",
    Formula = "L = −ln Σ_π Π_t p_t(π_t), over the paths that are the target once their blanks are dropped",
    Paper = "Laptev, Majumdar and Ginsburg, CTC Variations Through New WFST Topologies, Interspeech 2022, arXiv 2110.03098")]
public sealed class SelflessTopology : ITopology
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The batch has no blank.</exception>
    public Lattices Build(Batch batch) => new(Lattice.FromTargets(batch, "selfless", (_, state, step) => step switch
    {
        WovenTarget.Stay => !WovenTarget.IsToken(state),
        WovenTarget.Skip => WovenTarget.IsToken(state),
        _ => true,
    }));

    /// <inheritdoc/>
    /// <remarks>Repeats do not merge: each frame of a token spells it once more.</remarks>
    public long[] Spell(ReadOnlySpan<long> path, Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        var target = new List<long>();
        foreach (long token in path) target.AddRange(vocabulary.Spelling(token));
        return [.. target];
    }
}
