namespace Ctc;

/// <summary>Changes linearly from one value to another, then stays constant.</summary>
[Part("linear", typeof(LinearSchedule), Summary = "A straight line from one value to another, which then stays.",
    Formula = "from + (to − from) · min(1, f), f = t / until")]
public sealed record LinearSchedule : Schedule, ISchedule
{
    /// <summary>Gets the value in the first step.</summary>
    /// <value>The default is 1.</value>
    [ScheduleValue]
    public double From { get; init; } = 1;

    /// <summary>Gets the value at the end and after it.</summary>
    /// <value>The default is 0.</value>
    [ScheduleValue]
    public double To { get; init; }

    /// <summary>Gets the time at which the end is reached.</summary>
    /// <value>Epochs or steps from the start of training; the default is the end of training.</value>
    public TrainingTime? Until { get; init; }

    /// <inheritdoc/>
    public override bool DependsOnLength => Until is null;

    /// <inheritdoc/>
    public override double At(Progress progress) => Between(From, To, Share(Until, progress));
}
