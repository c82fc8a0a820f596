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
/// <remarks>
/// E[r] of a token is a sum over frames: of r in the frame times the share of paths that end it there; or, by parts, of the difference of r between
/// two frames times the share of those that have ended it. Where states tell which tokens are ended, as in the lattice of a target, the latter is the
/// share of states, and arcs need not be read.
/// </remarks>
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
        Tensor position = paths.Lattice.Positions
            ?? throw new NotSupportedException("bayes-risk-mean needs the positions of the target in the lattice; found a topology that gives none.");
        Batch batch = evaluation.Batch;
        using Scalar places = Longest(batch);
        Tensor expected = EndedTokens.Count(paths.Lattice, position) is { } ended // [B, U]
            ? ExpectByStates(paths.States, ended, batch, factor)
            : ExpectByArcs(paths, position, evaluation, factor);
        Tensor targets = torch.tensor([.. batch.Targets.Select(target => target.LongLength)], device: expected.device).unsqueeze(1); // [B, 1]
        Tensor silent = (expected == Zero).logical_or(torch.arange(Zero, places, One, device: expected.device) >= targets);
        return -expected.masked_fill(silent, One).log().sum([1]) / targets.squeeze(1).clamp(min: One);
    }

    // r falls over time if λ > 0, and is summed from the end; else it rises: so only numbers of one sign are added.
    private static Tensor ExpectByStates(Tensor states, Tensor ended, Batch batch, double factor)
    {
        Tensor lengths = torch.tensor([.. batch.Frames.Select(length => Math.Max(length, 1.0))], torch.float64, states.device); // [B]
        using Scalar total = states.shape[0], minusLambda = -factor, ofEnd = Math.Exp(-factor);
        Tensor frame = torch.arange(Zero, total, One, torch.float64, states.device).unsqueeze(1); // [T, 1]
        Tensor step = lengths.reciprocal() * minusLambda; // [B]
        Tensor change = (frame * step).exp() * step.expm1().abs() * (frame != Zero); // [T, B] of r, into frame t
        Tensor ofStates = (states * change.to(states.dtype).unsqueeze(2)).sum([0]); // [B, S]
        Tensor ofEnded = torch.zeros([batch.Size, Longest(batch) + 1], states.dtype, states.device).scatter_add(1, ended, ofStates); // [B, U + 1]
        Tensor mass = states.slice(0, 0, 1, 1).sum([0, 2]).unsqueeze(1); // [B, 1]: 1, or 0 where no path explains the frames
        return factor > 0
            ? ofEnded.flip(1).cumsum(1).flip(1).narrow(1, 1, Longest(batch)).add(mass * ofEnd, One)
            : ofEnded.cumsum(1).narrow(1, 0, Longest(batch)).add(mass * step.exp().to(states.dtype).unsqueeze(1), One);
    }

    private static Tensor ExpectByArcs(PathDistribution paths, Tensor position, Evaluation evaluation, double factor)
    {
        Tensor states = paths.States, arcs = paths.Arcs; // [T, B, S], [T, K, B, S]
        Tensor from = paths.Lattice.Arcs.AtSource(position); // [K, B, S]
        Batch batch = evaluation.Batch;
        Tensor lengths = torch.tensor([.. batch.Frames.Select(length => (double)length)], states.dtype, states.device); // [B]
        using Scalar total = states.shape[0], minusLambda = -factor, last = Math.Exp(-factor);
        Tensor frame = torch.arange(Zero, total, One, states.dtype, states.device).unsqueeze(1); // [T, 1]
        Tensor padding = evaluation.Mask.logical_not();
        Tensor risk = (frame / lengths * minusLambda).exp().masked_fill(padding, Zero); // [T, B]: entering t ends a token in t − 1
        Tensor leaving = (arcs * risk.unsqueeze(1).unsqueeze(3)).sum([0]) * (from != position); // [K, B, S]
        Tensor lasting = (states * (frame == lengths - One).unsqueeze(2)).sum([0]) * last; // [B, S]
        return torch.zeros([batch.Size, Longest(batch) + 1], states.dtype, states.device) // [B, 1 + U]; column 0 is of blanks
            .scatter_add(1, from.permute(1, 0, 2).flatten(1).add(One, One), leaving.permute(1, 0, 2).flatten(1))
            .scatter_add(1, position.add(One, One), lasting)
            .narrow(1, 1, Longest(batch));
    }

    private static long Longest(Batch batch) => batch.Targets.Select(target => target.LongLength).Append(0).Max();
}
