using Ctc.Engine.Frames;
using Ctc.Engine.Recursions.Autograd;
using Ctc.Engine.Recursions.Differentiable;
using Ctc.Engine.Recursions.Fused;
using Ctc.Engine.Recursions.Fused.Results;
using Ctc.Engine.Recursions.Labels;

namespace Ctc.Engine.Recursions.Linear;

/// <summary>
/// ln Z from hidden states and a linear layer, by the fused recursion over the log-softmax at the labels of each utterance; as one node of the
/// gradient graph.
/// </summary>
/// <remarks>
/// The forward pass computes the gradients through the softmax for the weights of utterances that it is given. Where the incoming gradient is a
/// multiple of these, the backward pass multiplies; otherwise it computes the logits again, which is a fourth product.
/// </remarks>
internal sealed class LinearLogPartition : GradientNode<LinearLogPartition, LinearLogPartition.Saved>
{
    /// <summary>Computes ln Z, joined to autograd.</summary>
    /// <param name="lattice">Without classes, checked, and one for which <see cref="FusedRecursion.Refusal"/> is null.</param>
    /// <param name="output">T·B ≥ 1, on the CPU, of type float32 or float64.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <param name="weights">The B weights of the losses, up to one common factor; null if they are not known.</param>
    /// <param name="rowsAtATime">The rows whose logits exist at a time; by default as many as fit.</param>
    /// <returns>[B] ln Z, as of <see cref="FusedLogPartition"/>.</returns>
    public static Tensor Compute(Lattice lattice, LinearOutput output, Tensor frames, IReadOnlyList<double>? weights, int? rowsAtATime = null)
    {
        output = new LinearOutput(output.Hidden.contiguous(), output.Weight.contiguous(), output.Bias?.contiguous());
        (Tensor labels, Tensor places) = DistinctLabels.Find(lattice.Labels, output.Weight.shape[0]);
        Lattice read = new(places, lattice.Arcs, lattice.Initial, lattice.Final, lattice.Empty);
        var pass = LinearPass.Create(output, frames, labels, rowsAtATime);
        Tensor[] inputs =
        [
            output.Hidden, read.Arcs.Scores, read.Initial, read.Final, output.Weight, .. new[] { output.Bias }.OfType<Tensor>(),
        ];
        if (!torch.is_grad_enabled() || !inputs.Any(input => input.requires_grad))
        {
            using var withoutGradient = torch.no_grad();
            return FusedRecursion.Run(read, pass.Read(output, null, null), frames, posterior: false).LogZ;
        }

        // Behind a view autograd holds a gradient of its own on its way into a leaf. A gradient that is still referenced here would be copied.
        var saved = new Saved(read, frames, output, labels, pass) { Weights = weights is null ? null : WhereAligned(lattice, frames, weights) };
        return apply([inputs[0].flatten(), .. inputs[1..4], inputs[4].flatten(), .. inputs[5..], saved]);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Saved saved, Tensor input)
    {
        using var withoutGradient = torch.no_grad();
        LinearGradients? gradients = saved.Weights is null ? null : LinearGradients.CreateZeros(saved.Output, saved.Wanted);
        Tensor scores = saved.Pass.Read(saved.Output, saved.Weights, gradients);
        (Tensor logZ, FusedPosterior? posterior) = FusedRecursion.Run(saved.Lattice, scores, saved.Frames, posterior: true);
        (saved.Posterior, saved.Softmax) = (posterior!, gradients);
        saved.Explained = [.. logZ.isneginf().logical_not().data<bool>()];
        saved.Tables = [.. posterior!.Tensors.Concat(gradients?.Tensors ?? []).Select(table => table.MoveToOuterDisposeScope())];
        return logZ;
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(Saved saved, List<Tensor> tensors, Tensor upstream)
    {
        (Lattice lattice, LinearOutput output, Tensor labels, Tensor frames, List<Tensor> tables) = saved.UnpackAll(tensors);
        if (torch.is_grad_enabled()) return Recorded(lattice, output, labels, frames, upstream);
        Tensor?[] gradients = saved.Posterior.Gradients(tables, upstream);
        double[] factors = [.. upstream.to(torch.float64).contiguous().data<double>()];
        for (int b = 0; b < factors.Length; b++) if (!saved.Explained[b]) factors[b] = 0;
        LinearGradients ofLayer = Softmax(saved, output, factors, tables[saved.Posterior.Tensors.Count..]);
        saved.Pass.AddLabels(output, gradients[0]!, ofLayer);
        Tensor?[] all = [ofLayer.Hidden?.flatten(), .. gradients[1..], ofLayer.Weight?.flatten()];
        return output.Bias is null ? all : [.. all, ofLayer.Bias];
    }

    // Those of the forward pass are multiplied in place, once.
    private static LinearGradients Softmax(Saved saved, LinearOutput output, double[] factors, List<Tensor> computed)
    {
        if (saved.Softmax is { } ready && RowFactors.FindCommon(saved.Weights!, factors, upstream: output.Hidden.dtype) is { } common)
        {
            saved.Softmax = null;
            LinearGradients scaled = ready.With(computed);
            if (common == -1) return scaled;
            using Scalar factor = -common;
            foreach (Tensor gradient in scaled.Tensors) gradient.mul_(factor);
            return scaled;
        }

        var gradients = LinearGradients.CreateZeros(output, saved.Wanted);
        saved.Pass.AddSoftmax(output, [.. factors.Select(factor => -factor)], gradients);
        return gradients;
    }

    // Gradients of gradients: by operations of which every one has one. The logits of all frames exist.
    private static Tensor?[] Recorded(Lattice lattice, LinearOutput output, Tensor labels, Tensor frames, Tensor upstream)
    {
        using OneThread alone = OneThread.For(upstream.device);
        Tensor mask = FrameMask.Create(frames, output.Hidden.shape[0]);
        // Padding that is NaN would reach the gradient of the weight.
        output = new LinearOutput(FrameMask.Valid(output.Hidden, mask), output.Weight, output.Bias);
        var definition = new LabelDefinition(labels, null, output.ComputeLogits(), frames, logits: true);
        Tensor emissions = TimeLoop.Emissions(lattice, definition.Read(), mask);
        Tensor?[] gradients = DifferentiableRecursion.Gradients(lattice, frames, DifferentiableRecursion.Alphas(lattice, emissions), upstream);
        Tensor ofLogits = definition.Divide(TimeLoop.SumByToken(lattice, gradients[0]!, labels.shape[1]), throughSoftmax: true).OfTokens;
        Tensor flat = ofLogits.flatten(0, 1); // [T·B, V]
        Tensor?[] all = [ofLogits.matmul(output.Weight).flatten(), .. gradients[1..], flat.t().matmul(output.Hidden.flatten(0, 1)).flatten()];
        return output.Bias is null ? all : [.. all, flat.sum([0L])];
    }

    // The weight of an utterance without an alignment does not count: its loss has no gradient.
    private static double[] WhereAligned(Lattice lattice, Tensor frames, IReadOnlyList<double> weights)
    {
        IReadOnlyList<long> fewest = FewestFrames.Find(lattice);
        long[] lengths = [.. frames.data<long>()];
        return [.. weights.Select((weight, b) => fewest[b] <= lengths[b] && lengths[b] > 0 ? weight : 0)];
    }

    /// <inheritdoc/>
    internal sealed class Saved(Lattice lattice, Tensor frames, LinearOutput output, Tensor labels, LinearPass pass) : SavedLattice(lattice, frames)
    {
        private readonly long[] hiddenShape = output.Hidden.shape, weightShape = output.Weight.shape;
        private readonly bool hasBias = output.Bias is not null;

        /// <summary>Gets whether hidden states, weight and bias require grad.</summary>
        public (bool Hidden, bool Weight, bool Bias) Wanted { get; } =
            (output.Hidden.requires_grad, output.Weight.requires_grad, output.Bias is { requires_grad: true });

        /// <summary>Gets the inputs. Valid in the forward pass only.</summary>
        public LinearOutput Output => output;

        /// <summary>Gets the pass over the rows.</summary>
        public LinearPass Pass => pass;

        /// <summary>Gets the weights that the forward pass assumes; null if they are not known.</summary>
        public double[]? Weights { get; init; }

        /// <summary>Gets or sets the posterior that the forward pass computed.</summary>
        public FusedPosterior Posterior { get; set; } = null!;

        /// <summary>Gets or sets which gradients the forward pass computed; null if none, or if a backward pass took them.</summary>
        public LinearGradients? Softmax { get; set; }

        /// <summary>Gets or sets for each utterance whether a path explains its frames.</summary>
        public bool[] Explained { get; set; } = [];

        /// <inheritdoc/>
        public override List<Tensor> Pack(Tensor input)
        {
            List<Tensor> packed = base.Pack(input);
            Tensor[] rest = output.Bias is null ? [output.Weight, labels] : [output.Weight, labels, output.Bias];
            long[][] ofBias = output.Bias is null ? [] : [output.Bias.shape];
            Shapes = [.. Shapes, [output.Weight.numel()], .. ofBias];
            return [.. packed, .. rest];
        }

        /// <summary>Rebuilds the inputs from the tensors that autograd saved, which are new handles for each backward pass.</summary>
        /// <param name="saved">In the order of <see cref="Pack"/>.</param>
        public (Lattice Lattice, LinearOutput Output, Tensor Labels, Tensor Frames, List<Tensor> Tables) UnpackAll(List<Tensor> saved)
        {
            int count = hasBias ? 3 : 2;
            List<Tensor> rest = saved[^count..];
            (Lattice lattice, Tensor row, Tensor frames, IReadOnlyList<Tensor> tables) = Unpack(saved[..^count]);
            var output = new LinearOutput(row.view(hiddenShape), rest[0].view(weightShape), hasBias ? rest[2] : null);
            return (lattice, output, rest[1], frames, [.. tables]);
        }
    }
}
