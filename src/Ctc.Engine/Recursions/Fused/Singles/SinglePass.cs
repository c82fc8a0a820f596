using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Fused.Singles;

/// <summary>The forward and the backward pass of one utterance at a time in float32. One instance for each thread.</summary>
internal abstract class SinglePass : IDisposable
{
    /// <summary>Runs the forward pass of an utterance.</summary>
    /// <param name="which">The utterance.</param>
    /// <returns>ln Z, −∞ if no path explains the frames; null if this pass does not take the utterance.</returns>
    public abstract double? Forward(int which);

    /// <inheritdoc cref="IPass{T}.Backward"/>
    public abstract void Backward(PosteriorMemory<float> to);

    /// <inheritdoc/>
    public abstract void Dispose();
}
