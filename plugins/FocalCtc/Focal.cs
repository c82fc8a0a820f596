using System.ComponentModel.DataAnnotations;
using Ctc;

namespace FocalCtc;

/// <summary>Options of <c>focal</c>.</summary>
public sealed record FocalOptions
{
    /// <summary>Gets the factor on every loss.</summary>
    /// <value>Unitless, above 0; the default is 0.25. 1 keeps the scale. The paper's α.</value>
    [Range(0.0, 100.0, MinimumIsExclusive = true)]
    public double Alpha { get; init; } = 0.25;

    /// <summary>Gets the exponent of 1 − P: the larger it is, the lower the weight of utterances that the model already recognises well.</summary>
    /// <value>Unitless, 0 to 10; the default is 0.5. 0 weights all equally. The paper's γ.</value>
    [Range(0.0, 10.0)]
    public Schedule Gamma { get; init; } = 0.5;

    /// <summary>Gets a value indicating whether the weight is detached from autograd.</summary>
    /// <value>The default is false: the gradient flows through the weight, as in the paper.</value>
    public bool DetachWeight { get; init; }
}

/// <summary>Weights each utterance by α(1 − P)^γ, P being the probability of its target.</summary>
[Part(
    "focal",
    typeof(FocalOptions),
    Summary = "Lowers the weight of utterances that the model already reads well.",
    Formula = "α(1 − e^{−L})^γ",
    Paper = "Feng, Yao and Zhang, Focal CTC Loss for Chinese Optical Character Recognition on Unbalanced Datasets, Complexity 2019, 9345861",
    Neutral = "alpha: 1, gamma: 0",
    Detached = "the weight, under detach-weight")]
internal sealed class Focal(FocalOptions options) : ILossWeighting
{
    private static readonly Scalar Zero = 0, One = 1;

    public Tensor Weigh(Evaluation evaluation)
    {
        Tensor loss = options.DetachWeight ? evaluation.Loss.detach() : evaluation.Loss;
        double gamma = options.Gamma.At(evaluation.Batch.Progress);
        using Scalar alpha = options.Alpha, power = gamma;
        if (gamma == 0) return torch.full_like(loss, alpha);

        // If P is 1, or above 1 by rounding, weight and gradient are 0; a power of 0 would have an infinite gradient.
        Tensor certain = loss <= Zero;
        Tensor missing = -(-loss.masked_fill(certain, One)).expm1(); // 1 − P, exact for small losses
        return (missing.pow(power) * alpha).masked_fill(certain, Zero);
    }
}
