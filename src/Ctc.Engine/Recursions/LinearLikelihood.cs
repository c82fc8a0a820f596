using Ctc.Engine.Frames;
using Ctc.Engine.Recursions.Fused;
using Ctc.Engine.Recursions.Linear;

namespace Ctc.Engine.Recursions;

/// <summary>ln Z from hidden states and a linear layer: by <see cref="LinearLogPartition"/> where it can be used, else from logits.</summary>
internal static class LinearLikelihood
{
    /// <summary>Returns why ln Z cannot be computed without a tensor of all logits.</summary>
    /// <param name="lattice">The lattice of the recursion.</param>
    /// <param name="type">Of the hidden states.</param>
    /// <param name="device">Of the hidden states.</param>
    /// <returns>A clause to follow "because"; null if it can.</returns>
    public static string? Refusal(Lattice lattice, torch.ScalarType type, torch.Device device) =>
        lattice.Classes is not null ? "the lattice reads classes of tokens" : FusedRecursion.Refusal(type, device);

    /// <summary>Computes ln Z, joined to autograd.</summary>
    /// <inheritdoc cref="Recursion.LogLikelihoodFromLinear"/>
    /// <param name="lattice">Of any floating type, on any device.</param>
    /// <param name="output">Hidden states and layer.</param>
    /// <param name="frames">[B] lengths of type int64, on the device of the hidden states.</param>
    /// <param name="kind">The recursion to use.</param>
    /// <param name="weights">The B weights of the losses, up to one common factor; null if they are not known.</param>
    /// <param name="memoryLimit">The bytes that a recursion may need; by default the memory of the machine.</param>
    /// <param name="rowsAtATime">The frames whose logits exist at a time; by default as many as fit.</param>
    public static Tensor Compute(
        Lattice lattice,
        LinearOutput output,
        Tensor frames,
        RecursionKind kind,
        IReadOnlyList<double>? weights = null,
        long? memoryLimit = null,
        int? rowsAtATime = null)
    {
        Check(output, weights);
        Tensor hidden = output.Hidden;
        lattice = lattice.Cast(hidden.dtype, hidden.device);
        long tokens = output.Weight.shape[0], cells = hidden.shape[0] * hidden.shape[1];
        if (Recursion.Resolve(hidden, kind) != RecursionKind.Fused || lattice.Classes is not null || cells == 0)
        {
            // Padding that is NaN would reach the gradient of the weight.
            var valid = new LinearOutput(FrameMask.Valid(hidden, FrameMask.Create(frames, hidden.shape[0])), output.Weight, output.Bias);
            var posterior = LatticePosterior.Create(lattice, valid.ComputeLogits(), frames, kind, logits: true, memoryLimit);
            return LikelihoodBound.Apply(posterior.LogLikelihood, lattice, tokens);
        }

        Tensor logits = torch.empty([], hidden.dtype).expand(hidden.shape[0], hidden.shape[1], tokens); // their type and shape, no memory
        LatticeCheck.Check(lattice, logits, frames);
        new RecursionMemory(lattice, logits, frames, memoryLimit).CheckFused(posterior: torch.is_grad_enabled());
        Tensor logZ = LinearLogPartition.Compute(lattice, output, frames, weights, rowsAtATime);
        return LikelihoodBound.Apply(torch.where(frames.eq(Scalars.Zero), lattice.Empty, logZ), lattice, tokens);
    }

    private static void Check(LinearOutput output, IReadOnlyList<double>? weights)
    {
        foreach (Tensor of in new[] { output.Weight, output.Bias }.OfType<Tensor>())
        {
            if (of.dtype == output.Hidden.dtype) continue;
            throw new ArgumentException(
                $"The linear layer is of type {of.dtype}; expected {output.Hidden.dtype}, as the hidden states.", nameof(output));
        }

        if (weights is null || weights.Count == output.Hidden.shape[1]) return;
        throw new ArgumentException(
            $"There are {weights.Count} weights; expected {output.Hidden.shape[1]}, one for each utterance.", nameof(weights));
    }
}
