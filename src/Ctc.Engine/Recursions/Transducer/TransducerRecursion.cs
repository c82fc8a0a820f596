namespace Ctc.Engine.Recursions.Transducer;

/// <summary>The recursion over frames and tokens: likelihood and posterior of a transducer (RNN-T).</summary>
/// <remarks>
/// <para>
/// A path starts at the place (0, 0). From (t, u) the blank leads to the next frame, (t+1, u), and token u of the target to (t, u+1). A path ends
/// with the blank at (T−1, U): T blanks and U tokens in all.
/// α(t, u) = ln( e^{α(t−1, u) + blank(t−1, u)} + e^{α(t, u−1) + token(t, u−1)} ), and ln Z = α(T−1, U) + blank(T−1, U).
/// </para>
/// <para>Source: Graves, "Sequence Transduction with Recurrent Neural Networks", 2012, arXiv 1211.3711.</para>
/// </remarks>
public static class TransducerRecursion
{
    /// <summary>Computes the log-likelihood of each target, differentiable: ∂/∂scores is the occupancy.</summary>
    /// <param name="batch">Targets, lengths and the blank. An utterance of no frames has likelihood 1 if its target is empty, else 0.</param>
    /// <param name="scores">
    /// [B, T, U+1, V] log-scores in nats, float32 or float64: row (t, u) is for frame t after u tokens of the target. They need not be normalised;
    /// −∞ is allowed; padding may hold anything. T and U+1 may be larger than the batch needs.
    /// </param>
    /// <param name="kind">The recursion to use; by default the fastest that supports type and device.</param>
    /// <param name="fastEmit">
    /// FastEmit's λ, 0 or more: gradients of tokens, not those of blanks, are multiplied by 1 + λ, and the value is unchanged. By default 0.
    /// Source: Yu et al., "FastEmit", ICASSP 2021, arXiv 2010.11148.
    /// </param>
    /// <returns>
    /// [B] ln Z; −∞ with gradient exactly 0 where no alignment has a probability. NaN where a score that a path reads is NaN or +∞.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The batch has no blank, the scores are neither float32 nor float64, or the shapes do not fit one another.
    /// </exception>
    /// <exception cref="NotSupportedException">The kind is fused, and the scores are not on the CPU.</exception>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative, infinite or NaN.</exception>
    /// <example>Uniform scores −ln V, T frames and U tokens: −ln Z = (T+U)·ln V − ln C(T−1+U, U).</example>
    public static Tensor LogLikelihood(Batch batch, Tensor scores, RecursionKind kind = RecursionKind.Auto, double fastEmit = 0) =>
        Compute(batch, scores, kind, fastEmit, logits: false);

    /// <summary>Computes the log-likelihood under the log-softmax of logits, differentiable.</summary>
    /// <inheritdoc cref="LogLikelihood"/>
    /// <param name="batch">Targets, lengths and the blank.</param>
    /// <param name="logits">[B, T, U+1, V] outputs of a joint network before any softmax, float32 or float64; as the scores of LogLikelihood.</param>
    /// <param name="kind">The recursion to use; by default the fastest that supports type and device.</param>
    /// <param name="fastEmit">FastEmit's λ, 0 or more; by default 0.</param>
    /// <returns>[B] ln Z, never above 0.</returns>
    public static Tensor LogLikelihoodFromLogits(Batch batch, Tensor logits, RecursionKind kind = RecursionKind.Auto, double fastEmit = 0) =>
        Compute(batch, logits, kind, fastEmit, logits: true);

    /// <summary>
    /// Computes the log-likelihood from the hidden states of encoder and prediction network, without a tensor of all logits; differentiable to any
    /// order.
    /// </summary>
    /// <remarks>
    /// The logits of some frames of one utterance exist at a time, of 8 MB or of one frame. Beside them there are three numbers for each place, and
    /// gradients of the shapes of the inputs. The backward pass computes the logits again. Where the fused recursion is not used, and in derivatives
    /// of second order, the logits are computed whole.
    /// </remarks>
    /// <param name="batch">Targets, lengths and the blank, as of <see cref="LogLikelihood"/>.</param>
    /// <param name="output">The inputs of the joint network, float32 or float64. T and U+1 may be larger than the batch needs.</param>
    /// <param name="kind">The recursion to use; by default the fastest that supports type and device.</param>
    /// <param name="fastEmit">FastEmit's λ, 0 or more; by default 0.</param>
    /// <returns>[B] ln Z, as of <see cref="LogLikelihoodFromLogits"/>.</returns>
    /// <exception cref="ArgumentException">As of <see cref="LogLikelihood"/>.</exception>
    /// <exception cref="NotSupportedException">The kind is fused, and the output is not on the CPU.</exception>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative, infinite or NaN.</exception>
    public static Tensor LogLikelihoodFromJoint(
        Batch batch, TransducerOutput output, RecursionKind kind = RecursionKind.Auto, double fastEmit = 0)
    {
        TransducerInputs.Check(batch, output);
        TransducerInputs.CheckFastEmit(fastEmit);
        using DisposeScope scope = torch.NewDisposeScope();
        bool fused = Resolve(output.Frames, kind) == RecursionKind.Fused && output.Frames.numel() > 0;
        return fused
            ? Bound(JointLogPartition.Compute(batch, output, fastEmit)).MoveToOuterDisposeScope()
            : Compute(batch, TransducerInputs.WithoutPadding(batch, output).ComputeLogits(), kind, fastEmit, logits: true).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the posterior over the alignments.</summary>
    /// <inheritdoc cref="LogLikelihood"/>
    /// <returns>The shares of blanks and tokens by place. Differentiable if gradients are being recorded.</returns>
    public static TransducerOccupancy Occupancy(Batch batch, Tensor scores, RecursionKind kind = RecursionKind.Auto)
    {
        TransducerInputs.Check(batch, scores);
        using DisposeScope scope = torch.NewDisposeScope();
        bool recorded = torch.is_grad_enabled() && scores.requires_grad;
        if (!recorded && Resolve(scores, kind) == RecursionKind.Fused && scores.numel() > 0)
        {
            PlaceTable shares = FusedTransducer.Run(batch, scores.contiguous(), logits: false, posterior: true).Table;
            return Keep(shares.Tensors[0].to(scores.dtype), shares.Tensors[1].to(scores.dtype));
        }

        (Tensor blanks, Tensor tokens) = DiagonalRecursion.Shares(TransducerArcs.Read(batch, scores, logits: false), RecursionKind.Differentiable);
        return Keep(blanks, tokens);

        static TransducerOccupancy Keep(Tensor blanks, Tensor tokens) => new(blanks.MoveToOuterDisposeScope(), tokens.MoveToOuterDisposeScope());
    }

    /// <summary>Computes the entropy of the posterior over the alignments.</summary>
    /// <inheritdoc cref="LogLikelihood"/>
    /// <returns>[B] in nats, 0 or more; 0 where there is one alignment or none. Differentiable if gradients are being recorded.</returns>
    public static Tensor Entropy(Batch batch, Tensor scores, RecursionKind kind = RecursionKind.Auto)
    {
        TransducerInputs.Check(batch, scores);
        using DisposeScope scope = torch.NewDisposeScope();
        return DiagonalRecursion.Entropy(TransducerArcs.Read(batch, scores, logits: false), kind).MoveToOuterDisposeScope();
    }

    private static Tensor Compute(Batch batch, Tensor scores, RecursionKind kind, double fastEmit, bool logits)
    {
        TransducerInputs.Check(batch, scores);
        TransducerInputs.CheckFastEmit(fastEmit);
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logZ = Resolve(scores, kind) == RecursionKind.Fused && scores.numel() > 0
            ? TransducerLogPartition.Compute(batch, scores, logits, fastEmit)
            : DiagonalRecursion.LogLikelihood(TransducerArcs.Read(batch, scores, logits, fastEmit), RecursionKind.Differentiable);
        return (logits ? Bound(logZ) : logZ).MoveToOuterDisposeScope();
    }

    // A likelihood above 1 is a rounding error.
    private static Tensor Bound(Tensor logZ) => torch.where(logZ.gt(Scalars.Zero).logical_and(logZ.isfinite()), logZ - logZ.detach(), logZ);

    private static RecursionKind Resolve(Tensor scores, RecursionKind kind)
    {
        if (kind == RecursionKind.Differentiable) return kind;
        if (FusedTransducer.Refusal(scores) is not { } reason) return RecursionKind.Fused;
        return kind == RecursionKind.Auto
            ? RecursionKind.Differentiable
            : throw new NotSupportedException($"The fused recursion cannot be used, because {reason}; choose auto or differentiable.");
    }
}
