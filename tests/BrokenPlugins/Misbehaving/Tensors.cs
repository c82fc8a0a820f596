using Ctc;

namespace Misbehaving;

/// <summary>Scales the engine's occupancy in place.</summary>
[Part("writing", Summary = "Writes into the engine's tensors.")]
internal sealed class Writing : ITargetTransform
{
    public FrameTargets Transform(FrameTargets targets, Evaluation evaluation)
    {
        targets.Shares.mul_(0.5);
        return targets.WithShares(targets.Shares * 2);
    }
}

/// <summary>Keeps a tensor of each batch out of the engine's scope.</summary>
[Part("leaking", Summary = "Keeps a tensor of each batch.")]
internal sealed class Leaking : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss) + torch.zeros_like(evaluation.Loss).DetachFromDisposeScope();
}

/// <summary>Uses the padding.</summary>
[Part("reads-padding", Summary = "Adds up the model's output, padding and all.")]
internal sealed class ReadsPadding : IAuxiliaryTerm
{
    public Tensor Evaluate(Evaluation evaluation) => evaluation.LogProbs.exp().square().sum([0, 2]);
}

/// <summary>Writes into the targets of the batch.</summary>
[Part("changing-targets", Summary = "Writes into the targets of the batch.")]
internal sealed class ChangingTargets : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation)
    {
        foreach (long[] target in evaluation.Batch.Targets) Array.Reverse(target);
        return torch.ones_like(evaluation.Loss);
    }
}

/// <summary>Overflows in single precision.</summary>
[Part("overflowing", Summary = "Overflows in single precision.")]
internal sealed class Overflowing : IAuxiliaryTerm
{
    public Tensor Evaluate(Evaluation evaluation) => evaluation.SumFrames(((evaluation.LogProbs.exp() + 99).exp().log() - 99).sum(-1));
}
