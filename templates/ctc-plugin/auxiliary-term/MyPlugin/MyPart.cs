using System.ComponentModel.DataAnnotations;
using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the cost of a blank in a frame.</summary>
    /// <value>In nats, 0 to 10; the default is 0.01. 0 is plain CTC.</value>
    [Range(0.0, 10.0)]
    public Schedule Cost { get; init; } = 0.01;
}

/// <summary>Adds a cost for the expected number of blanks.</summary>
[Part("my-part", typeof(MyPartOptions),
    Summary = "Adds a cost for the expected number of blanks.",
    Formula = "L + cost · Σ_t p_t(blank)",
    Neutral = "cost: 0")]
internal sealed class MyPart(MyPartOptions options) : IAuxiliaryTerm
{
    public Tensor Evaluate(Evaluation evaluation)
    {
        long blank = evaluation.Batch.Blank ?? throw new ArgumentException("The auxiliary term my-part needs a blank, and the batch has none.");
        Tensor blanks = evaluation.LogProbs.select(2, blank).exp(); // [T, B]
        return evaluation.SumFrames(blanks) * options.Cost.At(evaluation.Batch.Progress); // [B]
    }
}
