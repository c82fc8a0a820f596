using System.ComponentModel.DataAnnotations;
using Ctc;

namespace BlankPenalty;

/// <summary>Options of <c>blank-penalty</c>.</summary>
public sealed record BlankPenaltyOptions
{
    /// <summary>Gets the number subtracted from the blank's log-score in every frame.</summary>
    /// <value>In nats, −20 to 20; the default is 0.1. 0 is plain CTC; a negative number favours the blank.</value>
    [Range(-20.0, 20.0)]
    public Schedule Lambda { get; init; } = 0.1;

    /// <summary>Gets a value indicating whether the scores of each frame are normalised again.</summary>
    /// <value>The default is false: the other tokens keep their scores.</value>
    public bool Renormalise { get; init; }
}

/// <summary>Lowers the score of the blank in the scores that the lattice reads.</summary>
[Part(
    "blank-penalty",
    typeof(BlankPenaltyOptions),
    Summary = "Subtracts a constant from the blank's log-score.",
    Formula = "y'_blank = y_blank − λ",
    Paper = "Zhang, Sun and Ma, Tiny Transducer, ICASSP 2021, arXiv 2101.06856, which deweights the blank in decoding",
    Neutral = "lambda: 0, renormalise: false")]
internal sealed class BlankPenalty(BlankPenaltyOptions options) : IEmissionTransform
{
    public Tensor Transform(Tensor scores, Batch batch)
    {
        long blank =
            batch.Blank ?? throw new ArgumentException("The emission transform blank-penalty needs a blank, and the batch has none.", nameof(batch));
        using Scalar lambda = options.Lambda.At(batch.Progress);
        Tensor isBlank = torch.tensor([.. Enumerable.Range(0, (int)batch.Tokens).Select(token => token == blank)], device: scores.device); // [V]
        Tensor penalised = scores - (isBlank.to(scores.dtype) * lambda);
        return options.Renormalise ? penalised.log_softmax(2) : penalised;
    }
}
