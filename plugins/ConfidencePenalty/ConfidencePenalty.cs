using System.ComponentModel.DataAnnotations;
using Ctc;

namespace ConfidencePenalty;

/// <summary>Options of <c>confidence-penalty</c>.</summary>
public sealed record ConfidencePenaltyOptions
{
    /// <summary>Gets the weight of the entropy.</summary>
    /// <value>Unitless, 0 to 10; the default is 0.05. 0 is plain CTC. The paper's β.</value>
    [Range(0.0, 10.0)]
    public Schedule Beta { get; init; } = 0.05;
}

/// <summary>Rewards the model's entropy in every frame: L − β Σ_t H(p_t).</summary>
[Part(
    "confidence-penalty",
    typeof(ConfidencePenaltyOptions),
    Summary = "Subtracts the entropy of the model's output from the loss, frame by frame.",
    Formula = "L − β Σ_t H(p_t)",
    Paper = "Pereyra et al., Regularizing Neural Networks by Penalizing Confident Output Distributions, ICLR workshop 2017, arXiv 1701.06548",
    Neutral = "beta: 0")]
internal sealed class ConfidencePenalty(ConfidencePenaltyOptions options) : IAuxiliaryTerm
{
    public Tensor Evaluate(Evaluation evaluation)
    {
        Tensor y = evaluation.LogProbs;
        using Scalar beta = options.Beta.At(evaluation.Batch.Progress);
        return evaluation.SumFrames(Evaluation.Expectation(y.exp(), y)) * beta; // Σ_v p·y = −H
    }
}
