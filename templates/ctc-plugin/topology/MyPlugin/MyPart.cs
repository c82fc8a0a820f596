using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets a value indicating whether a blank is required between any two tokens.</summary>
    /// <value>The default is true. false is plain CTC, which requires one only between equal tokens.</value>
    public bool BlankBetween { get; init; } = true;
}

/// <summary>CTC with a blank between any two tokens.</summary>
[Part("my-part", typeof(MyPartOptions),
    Summary = "As ctc, but with a blank between any two tokens.",
    Formula = "L = −ln Σ_π Π_t p_t(π_t), over the paths with a blank between any two tokens",
    Neutral = "blank-between: false")]
internal sealed class MyPart(MyPartOptions options) : ITopology
{
    public Lattices Build(Batch batch) => new(Lattice.FromTargets(batch, "my-part", (states, state, step) =>
        WovenTarget.Ctc(states, state, step) && (step < WovenTarget.Skip || !options.BlankBetween)));
}
