using Ctc.Engine.Frames;

namespace Ctc.Engine.Recursions;

/// <summary>The occupancy of another implementation of CTC, computed from its gradient.</summary>
/// <remarks>
/// γ = p − (G − p·Σ_v G) in valid frames, for any CTC whose gradient with respect to log-probabilities is the true one (−γ, as here) or that
/// with respect to the logits of a log-softmax (p − γ, as in libtorch): the bracket is the gradient with respect to logits in both cases. So target
/// transforms apply to a foreign loss. Source: Kantorov, "CTC, a primer", github.com/vadimkantorov/ctc.
/// </remarks>
public static class ForeignGradient
{
    /// <summary>Computes the occupancy. O(T·B·V).</summary>
    /// <param name="logProbs">[T, B, V] normalised log-probabilities in nats, the input of the foreign loss. Padding may hold anything.</param>
    /// <param name="gradient">
    /// [T, B, V] the foreign ∂(Σ_b L_b)/∂logProbs: of the sum, not the mean, and not weighted. Padding may hold anything.
    /// </param>
    /// <param name="frames">B lengths in [0, T].</param>
    /// <returns>
    /// [T, B, V] γ without gradient; 0 in padding, and in utterances whose gradient contains NaN or an infinity, as libtorch's does for
    /// infeasible targets. Where a gradient is set to 0 instead (libtorch's zero_infinity), the rows of such utterances are p, which is no occupancy.
    /// </returns>
    /// <exception cref="ArgumentException">The shapes do not fit one another, or a length exceeds T.</exception>
    public static Tensor Occupancy(Tensor logProbs, Tensor gradient, IReadOnlyList<long> frames)
    {
        FrameMask.Check(logProbs, frames);
        ArgumentNullException.ThrowIfNull(gradient);
        if (!gradient.shape.SequenceEqual(logProbs.shape))
        {
            string expected = string.Join(", ", logProbs.shape);
            throw new ArgumentException(
                $"The gradient has shape [{string.Join(", ", gradient.shape)}]; expected [{expected}], that of the log-probabilities.",
                nameof(gradient));
        }

        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        Tensor mask = FrameMask.Create(FrameMask.Lengths(frames, logProbs.device), logProbs.shape[0]).unsqueeze(2); // [T, B, 1]
        Tensor broken = gradient.isfinite().logical_not().logical_and(mask).any(2, keepdim: true).any(0, keepdim: true); // [1, B, 1]
        Tensor kept = mask.logical_and(broken.logical_not());
        Tensor probabilities = torch.where(kept, logProbs, torch.full_like(logProbs, Scalars.NegativeInfinity)).exp();
        Tensor foreign = torch.where(kept, gradient, torch.zeros_like(gradient));
        return (probabilities - (foreign - (probabilities * foreign.sum(2, keepdim: true)))).MoveToOuterDisposeScope();
    }
}
