using System.ComponentModel.DataAnnotations;
using Ctc;

namespace InterCtc;

/// <summary>Options of <c>inter-ctc</c>.</summary>
public sealed record InterCtcOptions
{
    /// <summary>Gets the share of the intermediate losses.</summary>
    /// <value>Unitless, 0 to 1; the default is 0.3, as in the paper. 0 is plain CTC. The paper's w.</value>
    [Range(0.0, 1.0)]
    public Schedule Weight { get; init; } = 0.3;

    /// <summary>Gets the streams of logits that the encoder gives besides its output.</summary>
    /// <value>One name or more; the default is middle.</value>
    [MinLength(1)]
    public IReadOnlyList<string> Streams { get; init; } = ["middle"];
}

/// <summary>Adds the loss of the same targets on the output of layers in the middle of the encoder.</summary>
[Part(
    "inter-ctc",
    typeof(InterCtcOptions),
    Summary = "Adds the loss of the same targets on the output of layers in the middle of the encoder.",
    Formula = "(1 − w) L + w/K Σ_k L(stream k)",
    Paper = "Lee and Watanabe, Intermediate Loss Regularization for CTC-Based Speech Recognition, ICASSP 2021, arXiv 2102.03216",
    Neutral = "weight: 0",
    Needs = Needs.Streams | Needs.Recursion)]
internal sealed class InterCtc(InterCtcOptions options) : IAuxiliaryTerm
{
    public double BaseShare(Progress progress) => 1 - options.Weight.At(progress);

    public Tensor Evaluate(Evaluation evaluation)
    {
        double weight = options.Weight.At(evaluation.Batch.Progress);
        if (weight == 0) return torch.zeros_like(evaluation.Loss);

        Tensor[] losses = [.. options.Streams.Select(stream => evaluation.EvaluateWith(logProbs: evaluation.LogProbsOf(stream)).Loss)];
        using Scalar factor = weight;
        return torch.stack(losses).mean([0]) * factor;
    }
}
