using System.ComponentModel.DataAnnotations;
using Ctc;

namespace LabelSmoothing;

/// <summary>Options of <c>uniform-kl</c>.</summary>
public sealed record UniformKlOptions
{
    /// <summary>Gets the share of the term in the loss; the likelihood keeps 1 − α.</summary>
    /// <value>Unitless, 0 to 1; the default is 0.05. 0 is plain CTC. The paper's α, whose value there could not be checked.</value>
    [Range(0.0, 1.0)]
    public Schedule Alpha { get; init; } = 0.05;

    /// <summary>Gets the direction of the divergence.</summary>
    /// <value>The default is model-to-uniform, the paper's. Many implementations use the other direction under the same name.</value>
    public Direction Direction { get; init; } = Direction.ModelToUniform;
}

/// <summary>The direction of a Kullback-Leibler divergence: the distribution of its expectation.</summary>
public enum Direction
{
    /// <summary>KL(p‖u) = Σ_v p·ln p + ln V: the negative entropy of the model, up to a constant.</summary>
    ModelToUniform,

    /// <summary>KL(u‖p) = −Σ_v (ln p)/V − ln V: its gradient with respect to the logits is p − 1/V.</summary>
    UniformToModel,
}

/// <summary>Pulls every frame towards the uniform distribution u: (1 − α)L + α Σ_t KL.</summary>
[Part(
    "uniform-kl",
    typeof(UniformKlOptions),
    Summary = "Adds the divergence between the model and the uniform distribution, frame by frame.",
    Formula = "(1 − α)L + α Σ_t KL(p_t‖u)",
    Paper = "Kim et al., Improved Training for Online End-to-End Speech Recognition Systems, Interspeech 2018, arXiv 1711.02212",
    Neutral = "alpha: 0")]
internal sealed class UniformKl(UniformKlOptions options) : IAuxiliaryTerm
{
    private static readonly Scalar One = 1;

    public double BaseShare(Progress progress) => 1 - options.Alpha.At(progress);

    public Tensor Evaluate(Evaluation evaluation)
    {
        Tensor y = evaluation.LogProbs;
        using Scalar entropyOfUniform = Math.Log(evaluation.Batch.Tokens), alpha = options.Alpha.At(evaluation.Batch.Progress);
        Tensor divergence = options.Direction == Direction.ModelToUniform
            ? Evaluation.Expectation(y.exp(), y).add(entropyOfUniform, One)
            : -y.mean([2]) - entropyOfUniform;
        return evaluation.SumFrames(divergence) * alpha;
    }
}
