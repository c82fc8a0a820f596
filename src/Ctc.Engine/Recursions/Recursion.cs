using Ctc.Engine.Recursions.Fused;

namespace Ctc.Engine.Recursions;

/// <summary>What a batch of lattices says of its paths, in the log semiring.</summary>
public static class Recursion
{
    /// <summary>The log-likelihood of each utterance, differentiable to any order: ∂/∂scores is the occupancy.</summary>
    /// <param name="lattice">In any floating type, on any device; it is converted to those of the scores.</param>
    /// <param name="scores">[T, B, V] log-scores in nats, float32 or float64. They need not be normalised; −∞ is allowed; padding may hold anything.</param>
    /// <param name="frames">B lengths in [0, T].</param>
    /// <param name="kind">Who walks; by default the fastest that can.</param>
    /// <returns>[B] ln Z; −∞ with gradient exactly 0 where no path explains the frames.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit one another, or a length exceeds T.</exception>
    /// <exception cref="NotSupportedException">The fused recursion is asked for and cannot be used.</exception>
    /// <example>Two frames, two equally likely tokens, target [1]: three of four paths, so ln Z = ln(3/4).</example>
    public static Tensor LogLikelihood(Lattice lattice, Tensor scores, IReadOnlyList<long> frames, RecursionKind kind = RecursionKind.Auto)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return Forward(lattice, scores, frames, kind).LogLikelihood.MoveToOuterDisposeScope();
    }

    /// <summary>The log-likelihood of each utterance under the log-softmax of logits, differentiable to any order: ∂/∂logits is γ − p.</summary>
    /// <remarks>
    /// The fused recursion neither makes the log-softmax nor goes back through it: it reads the logits, and writes one gradient. In large vocabularies that is most of
    /// the work. The differentiable one takes the log-softmax first.
    /// </remarks>
    /// <inheritdoc cref="LogLikelihood"/>
    /// <param name="lattice">In any floating type, on any device; it is converted to those of the logits.</param>
    /// <param name="logits">[T, B, V] what a model says before any softmax, float32 or float64; −∞ is allowed; padding may hold anything.</param>
    /// <param name="frames">B lengths in [0, T].</param>
    /// <param name="kind">Who walks; by default the fastest that can.</param>
    public static Tensor LogLikelihoodFromLogits(Lattice lattice, Tensor logits, IReadOnlyList<long> frames, RecursionKind kind = RecursionKind.Auto)
    {
        FrameMask.Check(logits, frames);
        using DisposeScope scope = torch.NewDisposeScope();
        return ForwardPass.Run(lattice, logits, FrameMask.Lengths(frames, logits.device), kind, logits: true).LogLikelihood.MoveToOuterDisposeScope();
    }

    /// <summary>The posterior share of each token in each frame.</summary>
    /// <inheritdoc cref="LogLikelihood"/>
    /// <returns>[T, B, V] γ; 0 in padding and in utterances that no path explains. Differentiable where gradients are being recorded.</returns>
    public static Tensor Occupancy(Lattice lattice, Tensor scores, IReadOnlyList<long> frames, RecursionKind kind = RecursionKind.Auto)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return Forward(lattice, scores, frames, kind).Occupancy().MoveToOuterDisposeScope();
    }

    /// <summary>How often each arc is taken, on average over the paths: the gradient of ln Z with respect to its score.</summary>
    /// <inheritdoc cref="LogLikelihood"/>
    /// <returns>[K, B, S]; [T, K, B, S] where the scores depend on time. Differentiable where gradients are being recorded.</returns>
    public static Tensor ArcExpectations(Lattice lattice, Tensor scores, IReadOnlyList<long> frames, RecursionKind kind = RecursionKind.Auto)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return Forward(lattice, scores, frames, kind).ArcExpectations().MoveToOuterDisposeScope();
    }

    /// <summary>The entropy of the alignment: how undecided the lattice is between its paths.</summary>
    /// <inheritdoc cref="LogLikelihood"/>
    /// <returns>[B] in nats, 0 or more; 0 where no path explains the frames. Differentiable where gradients are being recorded.</returns>
    public static Tensor Entropy(Lattice lattice, Tensor scores, IReadOnlyList<long> frames, RecursionKind kind = RecursionKind.Auto)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return Forward(lattice, scores, frames, kind).Entropy().MoveToOuterDisposeScope();
    }

    /// <summary>Says why <see cref="RecursionKind.Auto"/> does not take the fused recursion.</summary>
    /// <param name="lattice">As it will be walked.</param>
    /// <param name="device">Where the scores will lie.</param>
    /// <returns>What to put behind "because"; null where it does take it.</returns>
    public static string? NotFused(Lattice lattice, torch.Device device) => FusedRecursion.Refusal(lattice, torch.ScalarType.Float32, device);

    internal static ForwardPass Forward(Lattice lattice, Tensor scores, IReadOnlyList<long> frames, RecursionKind kind)
    {
        FrameMask.Check(scores, frames);
        return ForwardPass.Run(lattice, scores, FrameMask.Lengths(frames, scores.device), kind);
    }
}
