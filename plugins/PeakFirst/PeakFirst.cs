using System.ComponentModel.DataAnnotations;
using Ctc;

namespace PeakFirst;

/// <summary>Options of <c>peak-first</c>.</summary>
public sealed record PeakFirstOptions
{
    /// <summary>Gets the weight of the divergence from the next frame.</summary>
    /// <value>Unitless, 0 to 10; the default is 0.01. 0 is plain CTC. The paper's λ.</value>
    [Range(0.0, 10.0)]
    public Schedule Lambda { get; init; } = 0.01;
}

/// <summary>Adds the divergence of each frame from the model's output one frame later, so that tokens are emitted earlier.</summary>
[Part(
    "peak-first",
    typeof(PeakFirstOptions),
    Summary = "Pulls each frame towards the model's output in the next, so that tokens are emitted earlier.",
    Formula = "L + λ Σ_t KL(sg p_{t+1}‖p_t)",
    Paper = "Tian et al., Peak-First CTC, ICASSP 2023, arXiv 2211.03284",
    Neutral = "lambda: 0",
    Detached = "the model's output in the next frame")]
internal sealed class PeakFirst(PeakFirstOptions options) : IAuxiliaryTerm
{
    public Tensor Evaluate(Evaluation evaluation)
    {
        double lambda = options.Lambda.At(evaluation.Batch.Progress);
        if (lambda == 0) return torch.zeros_like(evaluation.Loss); // 0 times an infinite divergence would be NaN

        Tensor y = evaluation.LogProbs, next = y[1..].detach(), both = evaluation.Mask[1..]; // if t + 1 is valid, so is t
        Tensor divergence = Evaluation.Expectation(next.exp(), next - y[..^1]); // [T − 1, B]
        using Scalar factor = lambda;
        return torch.where(both, divergence, torch.zeros_like(divergence)).sum([0]) * factor;
    }
}
