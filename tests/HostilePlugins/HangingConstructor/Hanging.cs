using Ctc;

namespace HangingConstructor;

/// <summary>Its constructor never returns.</summary>
[Part("hanging-constructor", Summary = "Is never created.")]
internal sealed class Hanging : ILossWeighting
{
    public Hanging() => Thread.Sleep(Timeout.Infinite);

    public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss);
}

/// <summary>A part after one that hangs.</summary>
[Part("after-hanging", Summary = "Works.")]
internal sealed class After : ITargetTransform
{
    public FrameTargets Transform(FrameTargets targets, Evaluation evaluation) => targets;
}
