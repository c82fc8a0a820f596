using System.ComponentModel.DataAnnotations;
using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the cost of each further frame in the state of a token.</summary>
    /// <value>In nats, −10 to 10; the default is 0.1. 0 is plain CTC; a negative number favours long tokens.</value>
    [Range(-10.0, 10.0)]
    public Schedule Cost { get; init; } = 0.1;
}

/// <summary>Prefers alignments with short tokens.</summary>
[Part("my-part", typeof(MyPartOptions),
    Summary = "Subtracts a cost for each further frame in the state of a token.",
    Formula = "w' = w − cost for an arc that stays in the state of a token",
    Neutral = "cost: 0")]
internal sealed class MyPart(MyPartOptions options) : ILatticeTransform
{
    public Lattice Transform(Lattice numerator, Batch batch)
    {
        Arcs arcs = numerator.Arcs;
        Tensor reads = batch.Blank is { } blank ? numerator.Labels != blank : torch.ones_like(numerator.Labels, torch.@bool); // [B, S] reads a token
        Tensor held = Stays(arcs).logical_and(reads).to(arcs.Scores.dtype); // [K, B, S]
        return numerator.WithArcs(arcs.WithScores(arcs.Scores - (held * options.Cost.At(batch.Progress))));
    }

    // [K, 1 or B, 1 or S]: whether the arc is a self-loop.
    private static Tensor Stays(Arcs arcs) => arcs switch
    {
        BandedArcs banded =>
            torch.tensor([.. banded.Offsets.Select(offset => offset == 0)], [banded.Offsets.Count, 1, 1], device: arcs.Scores.device),
        IndexedArcs indexed => indexed.Sources == torch.arange(indexed.Sources.shape[2], device: indexed.Sources.device),
        _ => throw new NotSupportedException($"The lattice transform my-part supports banded and indexed arcs; found {arcs.GetType().Name}."),
    };
}
