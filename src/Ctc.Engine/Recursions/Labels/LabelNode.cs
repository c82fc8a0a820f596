using Ctc.Engine.Recursions.Autograd;
using Ctc.Engine.Recursions.Differentiable;
using Ctc.Engine.Recursions.Fused.Labels;

namespace Ctc.Engine.Recursions.Labels;

/// <summary>
/// What labels read as one node of the gradient graph: from scores or logits, and the weights of classes, to [T, B, R]; with one dense gradient back.
/// </summary>
internal sealed class LabelNode : GradientNode<LabelNode, LabelNode.Saved>
{
    /// <summary>Reads labels, joined to autograd if an input requires grad and gradients are being recorded.</summary>
    /// <param name="definition">The inputs.</param>
    /// <param name="fused">Reads them.</param>
    /// <returns>[T, B, R].</returns>
    public static Tensor Read(LabelDefinition definition, FusedLabels fused)
    {
        Tensor scores = definition.Given.contiguous();
        Tensor[] weights = definition.Classes is { } classes ? [classes.Rest, classes.Weights] : [];
        if (!torch.is_grad_enabled() || !weights.Append(scores).Any(input => input.requires_grad)) return fused.Read(scores);

        // Behind a view autograd holds a gradient of its own on its way into a leaf. A gradient that is still referenced here would be copied.
        var saved = new Saved(definition, fused);
        return apply([scores.flatten(), .. weights, saved]);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Saved saved, Tensor input) => saved.Fused.Read(input.view(saved.ScoresShape));

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(Saved saved, List<Tensor> tensors, Tensor upstream)
    {
        LabelDefinition inputs = saved.Unpack(tensors);
        if (torch.is_grad_enabled())
        {
            using OneThread alone = OneThread.For(upstream.device);
            (Tensor ofTokens, Tensor? ofRest, Tensor? ofListed) = inputs.Divide(upstream, throughSoftmax: true);
            return ofRest is null ? [ofTokens.flatten()] : [ofTokens.flatten(), ofRest, ofListed];
        }

        upstream = upstream.contiguous();
        Tensor dense = saved.Fused.ByToken(inputs.Given, upstream, throughSoftmax: true).flatten();
        if (inputs.Classes is not { } classes) return [dense];
        if (!classes.Rest.requires_grad && !classes.Weights.requires_grad) return [dense, null, null];
        (Tensor rest, Tensor listed) = saved.Fused.ByWeight(inputs.Given, upstream);
        return [dense, rest, listed];
    }

    /// <inheritdoc/>
    internal sealed class Saved(LabelDefinition inputs, FusedLabels fused) : SavedInputs
    {
        private readonly bool logits = inputs.AreLogits;

        /// <summary>Gets the tables of the labels, and the sums of the forward pass.</summary>
        public FusedLabels Fused => fused;

        /// <summary>Gets the shape of the scores, [T, B, V]: the node has them in one row.</summary>
        public long[] ScoresShape { get; } = inputs.Given.shape;

        /// <inheritdoc/>
        public override List<Tensor> Pack(Tensor input)
        {
            TokenClasses? classes = inputs.Classes;
            Shapes = classes is null ? [input.shape] : [input.shape, classes.Rest.shape, classes.Weights.shape];
            Tensor[] ofClasses = classes is null ? [] : [classes.Rest, classes.Tokens, classes.Weights];
            return [input, inputs.Labels, inputs.Frames, .. ofClasses];
        }

        /// <summary>Rebuilds the inputs from the tensors that autograd saved, which are new handles for each backward pass.</summary>
        /// <param name="saved">In the order of <see cref="Pack"/>.</param>
        public LabelDefinition Unpack(List<Tensor> saved)
        {
            TokenClasses? classes = saved.Count == 3 ? null : new TokenClasses(saved[3], saved[4], saved[5]);
            return new LabelDefinition(saved[1], classes, saved[0].view(ScoresShape), saved[2], logits);
        }
    }
}
