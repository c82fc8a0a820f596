using System.ComponentModel.DataAnnotations;
using Ctc;

namespace Misbehaving;

/// <summary>Detaches its weight by a conversion to a managed number, without declaring it.</summary>
[Part("wrong-gradient", Summary = "Has a gradient that is not that of its value.")]
internal sealed class WrongGradient : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => evaluation.Loss.detach().exp();
}

/// <summary>Options of <c>wrong-neutral</c>.</summary>
public sealed record WrongNeutralOptions
{
    /// <summary>Gets a factor. 0 is declared as plain CTC; 1 is plain CTC.</summary>
    [Range(0.0, 2.0)]
    public double Factor { get; init; } = 1;
}

/// <summary>Declares the wrong neutral setting.</summary>
[Part("wrong-neutral", typeof(WrongNeutralOptions), Summary = "Is not neutral where it says so.", Neutral = "factor: 0")]
internal sealed class WrongNeutral(WrongNeutralOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, options.Factor);
}

/// <summary>Weights by the mean of the batch, without declaring it.</summary>
[Part("neighbours", Summary = "Weighs by what its neighbours are.")]
internal sealed class Neighbours : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, evaluation.Batch.Frames.Average());
}

/// <summary>Declares a quantity that it never reads.</summary>
[Part("greedy", Summary = "Asks for more than it reads.", Needs = Needs.ViterbiPath)]
internal sealed class Greedy : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss);
}

/// <summary>Weights at random.</summary>
[Part("random", Summary = "Weights at random.")]
internal sealed class ByChance : ILossWeighting
{
    private static int calls;

    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, 1 + (Interlocked.Increment(ref calls) * 1e-14));
}

/// <summary>Keeps its learned state outside parameters and buffers.</summary>
[Part("forgetful", Summary = "Learns from training, and forgets it with the process.")]
internal sealed class Forgetful : ILossWeighting, ITrainingObserver
{
    private double learned = 1;

    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, learned);

    public void EndEpoch() => learned /= 2;
}

/// <summary>Divides by zero if there are no frames.</summary>
[Part("no-frames", Summary = "Divides by the number of frames.")]
internal sealed class NoFrames : IAuxiliaryTerm
{
    public Tensor Evaluate(Evaluation evaluation) => evaluation.SumFrames(evaluation.LogProbs.exp().square().sum(-1)) / evaluation.Mask.sum([0]);
}

/// <summary>Has the right gradient, but no second derivative, without declaring it.</summary>
[Part("first-order", Summary = "Has no second derivative.")]
internal sealed class FirstOrder : IAuxiliaryTerm
{
    public Tensor Evaluate(Evaluation evaluation)
    {
        Tensor share = evaluation.LogProbs.exp(), held = share.detach();
        return evaluation.SumFrames(((held * held) + (2 * held * (share - held))).sum(-1));
    }
}

/// <summary>Depends on the whole batch by design, infeasible utterances included.</summary>
[Part("unmasked", Summary = "Counts utterances that have no alignment.", Needs = Needs.BatchStatistics)]
internal sealed class Unmasked : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, evaluation.Batch.Frames.Sum());
}

/// <summary>Declares dependence on the whole batch, and weights its first utterance more.</summary>
[Part("first-come", Summary = "Prefers the first utterance.", Needs = Needs.BatchStatistics)]
internal sealed class FirstCome : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation)
    {
        Tensor weights = torch.ones_like(evaluation.Loss);
        if (evaluation.Batch.Size > 0) weights[0] = 2;
        return weights;
    }
}

/// <summary>Weights by the number of instances created.</summary>
[Part("numbered", Summary = "Weighs by its number.")]
internal sealed class Numbered : ILossWeighting
{
    private static int made;
    private readonly int number = Interlocked.Increment(ref made);

    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, 1 + (number * 1e-14));
}

/// <summary>Writes to static state that all instances share.</summary>
[Part("shared-note", Summary = "Keeps a note that all of its kind share.")]
internal sealed class SharedNote : ILossWeighting
{
    private static long note;

    public Tensor Weigh(Evaluation evaluation)
    {
        note = evaluation.Batch.Tokens;
        Thread.Sleep(10);
        return torch.full_like(evaluation.Loss, note);
    }
}
