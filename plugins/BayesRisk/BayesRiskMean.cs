using System.ComponentModel.DataAnnotations;
using Ctc;

namespace BayesRisk;

/// <summary>Options of <c>bayes-risk-mean</c>.</summary>
public sealed record BayesRiskMeanOptions
{
    /// <summary>Gets the cost of ending a token at the end of the utterance rather than at its start.</summary>
    /// <value>In nats, −50 to 50; the default is 1. 0 is plain CTC; a negative number rewards a late end. The paper's λ.</value>
    [Range(-50.0, 50.0)]
    public Schedule Factor { get; init; } = 1.0;
}

/// <summary>Weights each path by the frames in which its tokens end, one token after the other, and takes the mean over the tokens.</summary>
[Part(
    "bayes-risk-mean",
    typeof(BayesRiskMeanOptions),
    Summary = "Weights alignments by the frame in which each of their tokens ends, so that every token is emitted early.",
    Formula = "mean_u of −ln Σ_π p(π)·e^{−λ(t_u+1)/N} = L − mean_u ln E[e^{−λ(t_u+1)/N}], t_u the last frame of token u on π",
    Paper = "Tian et al., Bayes Risk CTC: Controllable CTC Alignment in Sequence-to-Sequence Tasks, ICLR 2023, arXiv 2210.07499",
    Neutral = "factor: 0",
    Needs = Needs.Recursion)]
internal sealed class BayesRiskMean(BayesRiskMeanOptions options) : IAuxiliaryTerm
{
    private static readonly Scalar Zero = 0L, One = 1L;

    public Tensor Evaluate(Evaluation evaluation)
    {
        double factor = options.Factor.At(evaluation.Batch.Progress);
        if (factor == 0) return torch.zeros_like(evaluation.Loss);

        PathDistribution paths = evaluation.Numerator;
        Tensor states = paths.States, arcs = paths.Arcs; // [T, B, S], [T, K, B, S]
        Tensor position = paths.Lattice.Positions
            ?? throw new NotSupportedException("bayes-risk-mean needs the positions of the target in the lattice; found a topology that gives none.");
        Tensor from = paths.Lattice.Arcs.AtSource(position); // [K, B, S]
        Batch batch = evaluation.Batch;
        Tensor lengths = torch.tensor([.. batch.Frames.Select(length => (double)length)], states.dtype, states.device); // [B]
        using Scalar total = states.shape[0], minusLambda = -factor, last = Math.Exp(-factor);
        Tensor frame = torch.arange(Zero, total, One, states.dtype, states.device).unsqueeze(1); // [T, 1]
        Tensor padding = evaluation.Mask.logical_not();
        Tensor risk = (frame / lengths * minusLambda).exp().masked_fill(padding, Zero); // [T, B]: entering t ends a token in t − 1
        Tensor leaving = (arcs * risk.unsqueeze(1).unsqueeze(3)).sum([0]) * (from != position); // [K, B, S]
        Tensor lasting = (states * (frame == lengths - One).unsqueeze(2)).sum([0]) * last; // [B, S]

        long longest = batch.Targets.Select(target => target.LongLength).Append(0).Max();
        Tensor expected = torch.zeros([batch.Size, longest + 1], states.dtype, states.device) // [B, 1 + U]; column 0 is of blanks
            .scatter_add(1, from.permute(1, 0, 2).flatten(1).add(One, One), leaving.permute(1, 0, 2).flatten(1))
            .scatter_add(1, position.add(One, One), lasting);
        using Scalar places = longest + 1;
        Tensor silent = (expected == Zero).logical_or(torch.arange(Zero, places, One, device: states.device) == Zero);
        Tensor tokens = torch.tensor([.. batch.Targets.Select(target => Math.Max(1.0, target.Length))], states.dtype, states.device);
        return -expected.masked_fill(silent, One).log().sum([1]) / tokens;
    }
}
