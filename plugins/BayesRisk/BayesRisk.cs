using System.ComponentModel.DataAnnotations;
using Ctc;

namespace BayesRisk;

/// <summary>Options of <c>bayes-risk</c>.</summary>
public sealed record BayesRiskOptions
{
    /// <summary>Gets the cost of ending the last token at the end of the utterance rather than at its start.</summary>
    /// <value>In nats, −50 to 50; the default is 1. 0 is plain CTC; a negative number rewards a late end. The paper's λ.</value>
    [Range(-50.0, 50.0)]
    public Schedule Factor { get; init; } = 1.0;
}

/// <summary>Weights each path by the frame in which its last token ends: the earlier, the more it counts.</summary>
[Part(
    "bayes-risk",
    typeof(BayesRiskOptions),
    Summary = "Weights alignments by the frame in which their last token ends, so that all tokens are emitted early.",
    Formula = "−ln Σ_π p(π)·e^{−λ(t+1)/N}, t the last frame of the last token on π",
    Paper = "Tian et al., Bayes Risk CTC: Controllable CTC Alignment in Sequence-to-Sequence Tasks, ICLR 2023, arXiv 2210.07499",
    Neutral = "factor: 0")]
internal sealed class BayesRisk(BayesRiskOptions options) : ILatticeTransform
{
    private static readonly Scalar Zero = 0L, One = 1L;

    public Lattice Transform(Lattice numerator, Batch batch)
    {
        double factor = options.Factor.At(batch.Progress);
        if (factor == 0) return numerator;

        Tensor position = numerator.Positions
            ?? throw new NotSupportedException("bayes-risk needs the positions of the target in the lattice; found a topology that gives none.");
        Tensor scores = numerator.Arcs.Scores; // [K, B, S], or [T, K, B, S]
        long frames = scores.dim() == 4 ? scores.shape[0] : batch.Frames.Append(1).Max();
        Tensor last = position.amax([1], keepdim: true).clamp(min: Zero); // [B, 1]; 0 for an empty target, which has no such state
        Tensor from = numerator.Arcs.AtSource(position); // [K, B, S]
        Tensor leaves = (from == last).logical_and(position != last); // an arc into frame t leaves a token that ends in frame t − 1
        Tensor lengths = torch.tensor([.. batch.Frames.Select(length => Math.Max(length, 1.0))], scores.dtype, scores.device);
        using Scalar end = frames, lambda = factor, minusLambda = -factor;
        Tensor risk = torch.arange(Zero, end, One, scores.dtype, scores.device).unsqueeze(1) / lengths * minusLambda; // [T, B]
        return numerator
            .WithArcs(numerator.Arcs.WithScores(scores.add(risk.view(frames, 1, batch.Size, 1) * leaves, One)))
            .WithFinal(numerator.Final - ((position == last).to(scores.dtype) * lambda)); // the token ends in the last frame
    }
}
