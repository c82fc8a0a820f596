using Ctc.Engine.Frames;
using Ctc.Engine.Recursions.Fused;
using Ctc.Engine.Recursions.Linear;

namespace Ctc.Engine.Recursions;

/// <summary>The recursion over time in the log semiring: likelihood and posterior of a batch of lattices.</summary>
public static class Recursion
{
    /// <summary>Computes the log-likelihood of each utterance, differentiable to any order: ∂/∂scores is the occupancy.</summary>
    /// <param name="lattice">Of any floating type, on any device; it is converted to those of the scores.</param>
    /// <param name="scores">
    /// [T, B, V] log-scores in nats, float32 or float64. They need not be normalised; −∞ is allowed; padding may hold anything.
    /// </param>
    /// <param name="frames">B lengths in [0, T].</param>
    /// <param name="kind">The recursion to use; by default the fastest that supports the lattice, type and device.</param>
    /// <returns>
    /// [B] ln Z; −∞ with gradient exactly 0 where no path explains the frames. NaN where a score is NaN or +∞ that a path can read: in a valid frame,
    /// at a token of a state that can be on a path there.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The scores are neither float32 nor float64, the shapes do not fit one another, a length exceeds T, or a state has a label
    /// that is neither a token nor a class.
    /// </exception>
    /// <exception cref="NotSupportedException">The kind is fused, and the fused recursion cannot be used.</exception>
    /// <exception cref="LatticeTooLargeException">The recursion needs more than the memory of the machine.</exception>
    /// <example>Two frames, two equally likely tokens, target [1]: three of four paths, so ln Z = ln(3/4).</example>
    public static Tensor LogLikelihood(Lattice lattice, Tensor scores, IReadOnlyList<long> frames, RecursionKind kind = RecursionKind.Auto)
    {
        FrameMask.CheckForRecursion(scores, frames);
        using DisposeScope scope = torch.NewDisposeScope();
        return Posterior(lattice, scores, frames, kind).LogLikelihood.MoveToOuterDisposeScope();
    }

    /// <summary>Computes the log-likelihood under the log-softmax of logits, differentiable to any order: ∂/∂logits is γ − p.</summary>
    /// <remarks>
    /// The fused recursion neither stores the log-softmax nor differentiates through it: it reads the logits and writes one gradient. In large
    /// vocabularies that saves most of the work. The differentiable recursion applies the log-softmax first. A frame whose logits are all −∞ has no
    /// softmax: no path explains it. Never above 0 where the exact value cannot be.
    /// </remarks>
    /// <inheritdoc cref="LogLikelihood"/>
    /// <param name="lattice">Of any floating type, on any device; it is converted to those of the logits.</param>
    /// <param name="logits">[T, B, V] outputs of a model before any softmax, float32 or float64; −∞ is allowed; padding may hold anything.</param>
    /// <param name="frames">B lengths in [0, T].</param>
    /// <param name="kind">The recursion to use; by default the fastest that supports the lattice, type and device.</param>
    public static Tensor LogLikelihoodFromLogits(Lattice lattice, Tensor logits, IReadOnlyList<long> frames, RecursionKind kind = RecursionKind.Auto)
    {
        FrameMask.CheckForRecursion(logits, frames);
        using DisposeScope scope = torch.NewDisposeScope();
        var posterior = LatticePosterior.Create(lattice, logits, FrameMask.Lengths(frames, logits.device), kind, logits: true);
        return LikelihoodBound.Apply(posterior.LogLikelihood, lattice, logits.shape[2]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Computes the log-likelihood under the log-softmax of the logits of a linear layer, without a tensor of all logits; differentiable to any
    /// order.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The logits of some frames at a time are in one buffer of at most 64 MB (of 32 frames where V is very large). Beside it there are only the
    /// scores of the tokens of each utterance, [T, B, R], and gradients of the shapes of the inputs. The three matrix products are those of a tensor
    /// of logits. The gradients through the softmax are computed in the forward pass, for the weights that the losses of the utterances have. Where
    /// the weights are not known, or the incoming gradient is no multiple of them, the backward pass computes the logits again: a fourth product,
    /// and two more where wrong weights were given.
    /// </para>
    /// <para>
    /// Where the fused recursion is not used, where labels are classes of tokens, and in derivatives of second order, the logits are computed whole.
    /// The chunks follow Wijmans et al., "Cut Your Losses in Large-Vocabulary Language Models", ICLR 2025, arXiv 2411.09009, for cross entropy.
    /// </para>
    /// </remarks>
    /// <param name="lattice">Of any floating type, on any device; it is converted to those of the hidden states.</param>
    /// <param name="output">
    /// [T, B, H] hidden states, [V, H] weight and [V] bias, of one type, float32 or float64; padding of the hidden states may hold anything.
    /// </param>
    /// <param name="frames">B lengths in [0, T].</param>
    /// <param name="kind">The recursion to use; by default the fastest that supports the lattice, type and device.</param>
    /// <param name="weights">
    /// The B factors of the losses in what is differentiated, up to one common factor; null, the default, if they are not known. All 1 for a sum or a
    /// mean. They change no number but for rounding.
    /// </param>
    /// <returns>[B] ln Z, as of <see cref="LogLikelihoodFromLogits"/>.</returns>
    /// <exception cref="ArgumentException">
    /// The inputs are not of one type, float32 or float64; the shapes do not fit one another, a length exceeds T, there are not B weights, or a state
    /// has a label that is neither a token nor a class.
    /// </exception>
    /// <exception cref="NotSupportedException">The kind is fused, and the fused recursion cannot be used.</exception>
    /// <exception cref="LatticeTooLargeException">The recursion needs more than the memory of the machine.</exception>
    public static Tensor LogLikelihoodFromLinear(
        Lattice lattice,
        LinearOutput output,
        IReadOnlyList<long> frames,
        RecursionKind kind = RecursionKind.Auto,
        IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        using DisposeScope scope = torch.NewDisposeScope();
        FrameMask.CheckForRecursion(output.Hidden, frames, nameof(output));
        return LinearLikelihood.Compute(lattice, output, FrameMask.Lengths(frames, output.Hidden.device), kind, weights).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the posterior share of each token in each frame.</summary>
    /// <inheritdoc cref="LogLikelihood"/>
    /// <returns>[T, B, V] γ; 0 in padding and in utterances that no path explains. Differentiable if gradients are being recorded.</returns>
    public static Tensor Occupancy(Lattice lattice, Tensor scores, IReadOnlyList<long> frames, RecursionKind kind = RecursionKind.Auto)
    {
        FrameMask.CheckForRecursion(scores, frames);
        using DisposeScope scope = torch.NewDisposeScope();
        return Posterior(lattice, scores, frames, kind).Occupancy().MoveToOuterDisposeScope();
    }

    /// <summary>Computes how often each arc is taken, on average over the paths: the gradient of ln Z with respect to its score.</summary>
    /// <inheritdoc cref="LogLikelihood"/>
    /// <returns>[K, B, S]; [T, K, B, S] if the arc scores depend on time. Differentiable if gradients are being recorded.</returns>
    public static Tensor ArcExpectations(Lattice lattice, Tensor scores, IReadOnlyList<long> frames, RecursionKind kind = RecursionKind.Auto)
    {
        FrameMask.CheckForRecursion(scores, frames);
        using DisposeScope scope = torch.NewDisposeScope();
        return Posterior(lattice, scores, frames, kind).ArcExpectations().MoveToOuterDisposeScope();
    }

    /// <summary>Computes the entropy of the alignment: that of the posterior over the paths of the lattice.</summary>
    /// <inheritdoc cref="LogLikelihood"/>
    /// <returns>[B] in nats, 0 or more; 0 where there is one path or none. Differentiable if gradients are being recorded.</returns>
    public static Tensor Entropy(Lattice lattice, Tensor scores, IReadOnlyList<long> frames, RecursionKind kind = RecursionKind.Auto)
    {
        FrameMask.CheckForRecursion(scores, frames);
        using DisposeScope scope = torch.NewDisposeScope();
        return Posterior(lattice, scores, frames, kind).Entropy().MoveToOuterDisposeScope();
    }

    /// <summary>Returns why <see cref="RecursionKind.Auto"/> does not select the fused recursion for float32 scores.</summary>
    /// <param name="device">The device of the scores.</param>
    /// <returns>A clause to follow "because"; null if the fused recursion is selected.</returns>
    public static string? WhyNotFused(torch.Device device) => FusedRecursion.Refusal(torch.ScalarType.Float32, device);

    /// <summary>Resolves <see cref="RecursionKind.Auto"/> to the recursion that will be used.</summary>
    /// <returns>Fused or differentiable.</returns>
    /// <exception cref="NotSupportedException">The kind is fused, and the fused recursion cannot be used.</exception>
    internal static RecursionKind Resolve(Tensor scores, RecursionKind kind)
    {
        if (kind == RecursionKind.Differentiable) return kind;
        if (FusedRecursion.Refusal(scores.dtype, scores.device) is not { } reason) return RecursionKind.Fused;
        return kind == RecursionKind.Auto
            ? RecursionKind.Differentiable
            : throw new NotSupportedException($"The fused recursion cannot be used, because {reason}; choose auto or differentiable.");
    }

    /// <summary>Prepares the posterior of scores and lengths that fit each other.</summary>
    internal static LatticePosterior Posterior(Lattice lattice, Tensor scores, IReadOnlyList<long> frames, RecursionKind kind) =>
        LatticePosterior.Create(lattice, scores, FrameMask.Lengths(frames, scores.device), kind);
}
