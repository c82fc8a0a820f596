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
/// <remarks>
/// A path whose last token ends in frame t is in states up to this token in t + 1 frames. Where states tell whether it has ended, as in the lattice
/// of a target, each frame before costs λ/N: no score need depend on time.
/// </remarks>
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
        Tensor last = position.amax([1], keepdim: true); // [B, 1]; −1 for an empty target
        return EndedTokens.Count(numerator, position) is { } ended
            ? ScoreStates(numerator, batch, factor, upToLast: ended <= last)
            : ScoreEnds(numerator, batch, factor, position, last.clamp(min: Zero)); // no state has position 0 in an empty target
    }

    private static Lattice ScoreStates(Lattice numerator, Batch batch, double factor, Tensor upToLast)
    {
        using Scalar minusLambda = -factor;
        Tensor risk = upToLast / Lengths(numerator, batch).unsqueeze(1) * minusLambda; // [B, S]
        return numerator
            .WithArcs(numerator.Arcs.WithScores(numerator.Arcs.Scores.add(risk, One)))
            .WithInitial(numerator.Initial.add(risk, One));
    }

    private static Lattice ScoreEnds(Lattice numerator, Batch batch, double factor, Tensor position, Tensor last)
    {
        Tensor scores = numerator.Arcs.Scores; // [K, B, S], or [T, K, B, S]
        long frames = scores.dim() == 4 ? scores.shape[0] : batch.Frames.Append(1).Max();
        Tensor isLast = position == last; // [B, S]
        Tensor leaves = (numerator.Arcs.AtSource(position) == last).logical_and(isLast.logical_not()); // [K, B, S]: it ends in the frame before
        using Scalar end = frames, lambda = factor, minusLambda = -factor;
        Tensor frame = torch.arange(Zero, end, One, scores.dtype, scores.device).unsqueeze(1);
        Tensor risk = frame / Lengths(numerator, batch) * minusLambda; // [T, B]
        return numerator
            .WithArcs(numerator.Arcs.WithScores(scores.addcmul(risk.view(frames, 1, batch.Size, 1), leaves.to(scores.dtype), One)))
            .WithFinal(numerator.Final - (isLast.to(scores.dtype) * lambda)); // the token ends in the last frame
    }

    private static Tensor Lengths(Lattice numerator, Batch batch) => torch.tensor(
        [.. batch.Frames.Select(length => Math.Max(length, 1.0))], numerator.Arcs.Scores.dtype, numerator.Arcs.Scores.device); // [B]
}

/// <summary>How many tokens of the target a path has ended in each state, in a lattice whose states tell it.</summary>
internal static class EndedTokens
{
    private static readonly Scalar Zero = 0L, One = 1L;

    /// <summary>Counts the tokens that end before a path enters each state.</summary>
    /// <param name="lattice">The lattice.</param>
    /// <param name="position">[B, S] its positions.</param>
    /// <returns>[B, S] of type int64; null if the order of the states does not tell it, or a path leaves out a token or reads one twice.</returns>
    public static Tensor? Count(Lattice lattice, Tensor position)
    {
        Tensor begun = position.cummax(1).values.add(One, One), ended = torch.where(position >= Zero, position, begun); // [B, S]
        Tensor from = lattice.Arcs.AtSource(position), ends = (from >= Zero).logical_and(from != position).to(torch.int64); // [K, B, S]
        Tensor impossible = lattice.Arcs.Scores.isneginf();
        if (impossible.dim() == 4) impossible = impossible.all(0);
        Tensor last = position.amax([1], keepdim: true); // [B, 1]
        return (ended - lattice.Arcs.AtSource(ended) == ends).logical_or(impossible).all().item<bool>()
            && (ended == Zero).logical_or(lattice.Initial.isneginf()).all().item<bool>()
            && (ended >= last).logical_or(lattice.Final.isneginf()).all().item<bool>()
            ? ended
            : null;
    }
}
