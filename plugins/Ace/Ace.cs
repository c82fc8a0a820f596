using System.ComponentModel.DataAnnotations;
using Ctc;

namespace Ace;

/// <summary>Options of <c>ace</c>.</summary>
public sealed record AceOptions
{
    /// <summary>Gets the factor of the aggregation cross-entropy.</summary>
    /// <value>Unitless, 0 to 100; the default is 1. 0 leaves the term out.</value>
    [Range(0.0, 100.0)]
    public Schedule Weight { get; init; } = 1;

    /// <summary>Gets whether the term replaces CTC, as in the paper, instead of being added to it.</summary>
    /// <value>The default is false.</value>
    public bool Alone { get; init; }
}

/// <summary>Compares the mean output over the frames with the shares of the tokens in the target, whatever their order.</summary>
[Part(
    "ace",
    typeof(AceOptions),
    Summary = "Compares the mean output over the frames with the counts of the tokens in the target, beside CTC or instead of it.",
    Formula = "L − λ Σ_v (n_v/N) ln( (1/N) Σ_t p_t(v) ),  n_blank = N − U",
    Paper = "Xie et al., Aggregation Cross-Entropy for Sequence Recognition, CVPR 2019, arXiv 1904.08364",
    Neutral = "weight: 0")]
internal sealed class Ace(AceOptions options) : IAuxiliaryTerm
{
    private static readonly Scalar One = 1, NegativeInfinity = double.NegativeInfinity;

    public double BaseShare(Progress progress) => options.Alone ? 0 : 1;

    public Tensor Evaluate(Evaluation evaluation)
    {
        double weight = options.Weight.At(evaluation.Batch.Progress);
        if (weight == 0) return torch.zeros_like(evaluation.Loss);

        Tensor y = evaluation.LogProbs, counts = Counts(evaluation.Batch).to(y.dtype, y.device);
        Tensor frames = evaluation.Mask.sum([0], type: y.dtype).clamp(min: One).unsqueeze(1); // N, [B, 1]
        Tensor valid = torch.where(evaluation.Mask.unsqueeze(2), y, torch.full_like(y, NegativeInfinity));
        Tensor mean = valid.logsumexp(0) - frames.log(); // ln of the mean probability, [B, V]
        using Scalar factor = weight;
        return -Evaluation.Expectation(counts / frames, mean) * factor;
    }

    // n, [B, V]
    private static Tensor Counts(Batch batch)
    {
        var counts = new double[batch.Size, batch.Tokens];
        for (int b = 0; b < batch.Size; b++)
        {
            foreach (long token in batch.Targets[b]) counts[b, token]++;
            if (batch.Blank is { } blank) counts[b, blank] = batch.Frames[b] - batch.Targets[b].Length;
        }

        return torch.tensor(counts);
    }
}
