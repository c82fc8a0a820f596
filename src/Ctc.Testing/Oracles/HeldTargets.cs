namespace Ctc.Testing.Oracles;

/// <summary>The last in a chain of target transforms: stores the result of the chain until the next batch or its disposal.</summary>
public sealed class HeldTargets : ITargetTransform, IDisposable
{
    /// <summary>Gets the targets of the last batch; null before the first.</summary>
    public FrameTargets? Targets { get; private set; }

    /// <inheritdoc/>
    public FrameTargets Transform(FrameTargets targets, Evaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(targets);
        Dispose();
        Targets = new FrameTargets(targets.Shares.alias().DetachFromDisposeScope(), targets.Weights.alias().DetachFromDisposeScope());
        return targets;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Targets?.Shares.Dispose();
        Targets?.Weights.Dispose();
    }
}
