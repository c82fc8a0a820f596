namespace Ctc;

/// <summary>Changes from one value to another by half a period of a cosine, then stays constant.</summary>
/// <remarks>
/// Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, arXiv 1608.03983, without restarts.
/// </remarks>
[Part("cosine", typeof(CosineSchedule), Summary = "Half a period of a cosine from one value to another, which then stays.",
    Formula = "to + (from − to) · (1 + cos(π min(1, f))) / 2, f = t / until",
    Paper = "Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, ICLR 2017")]
public sealed record CosineSchedule : Schedule, ISchedule
{
    /// <inheritdoc cref="LinearSchedule.From"/>
    [ScheduleValue]
    public double From { get; init; } = 1;

    /// <inheritdoc cref="LinearSchedule.To"/>
    [ScheduleValue]
    public double To { get; init; }

    /// <inheritdoc cref="LinearSchedule.Until"/>
    public TrainingTime? Until { get; init; }

    /// <inheritdoc/>
    public override bool DependsOnLength => Until is null;

    /// <inheritdoc/>
    public override double At(Progress progress) =>
        Between(To, From, (1 + Math.Cos(Math.PI * Math.Min(1, Share(Until, progress)))) / 2);
}
