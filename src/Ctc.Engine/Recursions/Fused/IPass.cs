using System.Numerics;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>The forward pass of one utterance at a time, and if occupancies are wanted the backward pass. One instance for each thread.</summary>
/// <typeparam name="T">float or double: the type of inputs and outputs.</typeparam>
internal interface IPass<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Runs the forward pass of an utterance.</summary>
    /// <param name="which">The utterance.</param>
    /// <returns>ln Z; −∞ if no path explains the frames, NaN if a score is NaN or +∞. Undefined for a length of 0.</returns>
    double Forward(int which);

    /// <summary>Runs the backward pass of the utterance of the last forward pass. Some path must explain it.</summary>
    /// <param name="to">The outputs: occupancies, and the expectations that are wanted.</param>
    void Backward(PosteriorMemory<T> to);
}
