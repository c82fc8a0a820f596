using System.ComponentModel.DataAnnotations;
using Ctc;

namespace CrCtc;

/// <summary>Options of <c>cr-ctc</c>.</summary>
public sealed record CrCtcOptions
{
    /// <summary>Gets the weight of the divergence between the two views of an utterance.</summary>
    /// <value>Unitless, 0 to 10; the default is 0.2, as in the authors' recipe. 0 is plain CTC. The paper's α.</value>
    [Range(0.0, 10.0)]
    public Schedule Alpha { get; init; } = 0.2;
}

/// <summary>Trains the outputs for two views of an utterance, each augmented by itself, towards each other.</summary>
[Part(
    "cr-ctc",
    typeof(CrCtcOptions),
    Summary = "Pulls the outputs for two augmented views of an utterance towards each other; in training only.",
    Formula = "½(L_a + L_b) + α ½ Σ_t [KL(sg p_b‖p_a) + KL(sg p_a‖p_b)]",
    Paper = "Yao et al., CR-CTC: Consistency Regularization on CTC for Improved Speech Recognition, ICLR 2025, arXiv 2410.05101",
    Neutral = "alpha: 0",
    Detached = "the model's output for the other view",
    Needs = Needs.OtherView)]
internal sealed class CrCtc(CrCtcOptions options) : IAuxiliaryTerm
{
    public Tensor Evaluate(Evaluation evaluation)
    {
        double alpha = options.Alpha.At(evaluation.Batch.Progress);
        if (alpha == 0 || !evaluation.Batch.Progress.Training) return torch.zeros_like(evaluation.Loss); // dev and test have one view

        Tensor y = evaluation.LogProbs, other = evaluation.OtherView(y).detach();
        using Scalar factor = alpha;
        return evaluation.SumFrames(Evaluation.Expectation(other.exp(), other - y)) * factor;
    }
}
