namespace Ctc.Plugins.Tests;

/// <summary>Last in a chain of target transforms: keeps what those before it made, for as long as the objective lives.</summary>
internal sealed class Holding : ITargetTransform, IDisposable
{
    public FrameTargets? Targets { get; private set; }

    public FrameTargets Transform(FrameTargets targets, Evaluation evaluation)
    {
        Dispose();
        Targets = new FrameTargets(targets.Shares.alias().DetachFromDisposeScope(), targets.Weights.alias().DetachFromDisposeScope());
        return targets;
    }

    public void Dispose()
    {
        Targets?.Shares.Dispose();
        Targets?.Weights.Dispose();
    }
}
