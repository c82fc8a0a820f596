using System.ComponentModel.DataAnnotations;
using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the share of every frame that is spread evenly over all tokens, the blank included.</summary>
    /// <value>Unitless, 0 to 0.5; the default is 0.01. 0 is plain CTC.</value>
    [Range(0.0, 0.5)]
    public Schedule Floor { get; init; } = 0.01;
}

/// <summary>Gives every token a probability above 0 in the input of the lattice.</summary>
[Part("my-part", typeof(MyPartOptions),
    Summary = "Mixes each frame with the uniform distribution before the lattice reads it.",
    Formula = "y' = ln((1 − floor) e^y + floor / V)",
    Neutral = "floor: 0")]
internal sealed class MyPart(MyPartOptions options) : IEmissionTransform
{
    public Tensor Transform(Tensor scores, Batch batch)
    {
        double floor = options.Floor.At(batch.Progress);
        if (floor == 0) return scores; // ln 0 has no finite gradient

        Tensor even = torch.full_like(scores, Math.Log(floor / batch.Tokens));
        return torch.logaddexp(scores + Math.Log(1 - floor), even); // [T, B, V]
    }
}
