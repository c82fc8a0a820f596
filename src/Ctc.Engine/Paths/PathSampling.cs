using Ctc.Engine.Recursions;

namespace Ctc.Engine.Paths;

/// <summary>Paths drawn at random, each as often as the lattice believes in it.</summary>
/// <remarks>
/// Forward filtering and backward sampling: exact and independent draws from P(π) = exp(score of π) / Z. O(T·B·K·(S + k)) time for k paths,
/// after one forward pass.
/// </remarks>
public static class PathSampling
{
    /// <summary>Draws paths of each utterance.</summary>
    /// <param name="lattice">In any floating type, on any device; it is converted to those of the scores.</param>
    /// <param name="scores">[T, B, V] log-scores in nats, float32 or float64, normalised or not; padding may hold anything.</param>
    /// <param name="frames">B lengths in [0, T].</param>
    /// <param name="count">k, the paths for each utterance; 0 or more.</param>
    /// <param name="seed">The same seed, shapes and numbers give the same paths.</param>
    /// <returns>Paths, without gradient.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit one another, a length exceeds T, or the count is negative.</exception>
    public static PathSamples Draw(Lattice lattice, Tensor scores, IReadOnlyList<long> frames, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        using var generator = new torch.Generator(seed);

        ForwardPass forward = Recursion.Forward(lattice, scores, frames, RecursionKind.Differentiable);
        // Drawn on the CPU, so that a device does not change what a seed means.
        Tensor chances = torch.rand([scores.shape[0], scores.shape[1], count], torch.float64, generator: generator).to(scores.device);
        Tensor states = forward.Sample(chances).permute(2, 0, 1); // [k, T, B]
        return new PathSamples(states.contiguous().MoveToOuterDisposeScope(), lattice.Read(states).MoveToOuterDisposeScope());
    }
}

/// <summary>Paths drawn for each utterance of a batch. The owner disposes the tensors.</summary>
/// <param name="States">[k, T, B] the state of each frame, of type int64; −1 in padding and where there is no path.</param>
/// <param name="Tokens">[k, T, B] the token of each frame, likewise.</param>
public sealed record PathSamples(Tensor States, Tensor Tokens) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        States.Dispose();
        Tokens.Dispose();
    }
}
