using Ctc.Engine.Recursions.Autograd;

namespace Ctc.Engine.Recursions.Transducer;

/// <summary>ln Z of a transducer by the fused recursion, as one node of the gradient graph.</summary>
/// <remarks>The forward pass keeps three numbers for each place; the backward pass reads the scores again and writes the gradient.</remarks>
internal sealed class TransducerLogPartition : GradientNode<TransducerLogPartition, TransducerLogPartition.Saved>
{
    /// <summary>Computes ln Z, joined to autograd.</summary>
    /// <param name="batch">Checked against the scores.</param>
    /// <param name="scores">[B, T, U+1, V], not empty, for which <see cref="FusedTransducer.Refusal"/> is null.</param>
    /// <param name="logits">Whether the scores are logits.</param>
    /// <param name="fastEmit">The factor on the gradients of tokens is 1 + this number.</param>
    /// <returns>[B] ln Z. Its incoming gradient may be any number where no alignment has a probability.</returns>
    public static Tensor Compute(Batch batch, Tensor scores, bool logits, double fastEmit)
    {
        Tensor whole = scores.contiguous();
        if (!torch.is_grad_enabled() || !scores.requires_grad) return FusedTransducer.Run(batch, whole, logits, posterior: false).LogZ;

        // Behind a view autograd holds a gradient of its own on its way into a leaf. A gradient that is still referenced here would be copied.
        Tensor row = whole.flatten();
        return apply(row, new Saved(batch, scores.shape, logits, fastEmit));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Saved saved, Tensor input)
    {
        (Tensor logZ, saved.Posterior) = FusedTransducer.Run(saved.Batch, input.view(saved.ScoresShape), saved.Logits, posterior: true);
        foreach (Tensor table in saved.Posterior!.Tensors) table.MoveToOuterDisposeScope();
        return logZ;
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(Saved saved, List<Tensor> tensors, Tensor upstream)
    {
        Tensor scores = tensors[0].view(saved.ScoresShape);
        Tensor gradient = torch.is_grad_enabled()
            ? TransducerArcs.Read(saved.Batch, scores, saved.Logits).Gradient(saved.Batch, upstream, saved.FastEmit) // gradients of gradients
            : FusedTransducer.Gradient(saved.Batch, scores, saved.Logits, new(tensors[1], tensors[2], tensors[3]), upstream, saved.FastEmit);
        return [gradient.flatten()];
    }

    /// <inheritdoc/>
    internal sealed class Saved(Batch batch, long[] scoresShape, bool logits, double fastEmit) : SavedInputs
    {
        /// <summary>Gets targets and lengths.</summary>
        public Batch Batch => batch;

        /// <summary>Gets the shape of the scores, [B, T, U+1, V]: the node has them in one row.</summary>
        public long[] ScoresShape => scoresShape;

        /// <summary>Gets whether the scores are logits.</summary>
        public bool Logits => logits;

        /// <summary>Gets FastEmit's λ.</summary>
        public double FastEmit => fastEmit;

        /// <summary>Gets or sets the posterior. Valid in the forward pass only.</summary>
        public PlaceTable? Posterior { get; set; }

        /// <inheritdoc/>
        public override List<Tensor> Pack(Tensor input)
        {
            Shapes = [input.shape];
            return [input, .. Posterior!.Tensors];
        }
    }
}
