namespace Ctc;

/// <summary>A number that may change during training, as the type of an option. A constant is written as a plain number.</summary>
/// <remarks>
/// A part reads the value at the progress of its batch: <c>options.Lambda.At(batch.Progress)</c>. The value depends only on the progress, so
/// checkpoints do not contain schedules. A range on the option holds for every value that the schedule can take. In YAML a schedule is
/// <c>{ name: { options } }</c>, by the name of a part at the extension point <see cref="ISchedule"/>.
/// </remarks>
public abstract record Schedule
{
    /// <inheritdoc cref="ISchedule.DependsOnLength"/>
    public virtual bool DependsOnLength => false;

    /// <summary>The value at a progress, in training and in evaluation alike.</summary>
    /// <param name="progress">The progress of training.</param>
    /// <returns>A number between the smallest and the largest value of the schedule.</returns>
    public abstract double At(Progress progress);

    /// <summary>A constant.</summary>
    /// <param name="value">Its value at any time.</param>
    public static implicit operator Schedule(double value) => new ConstantSchedule(value);

    /// <summary>Linear interpolation between two values, clamped so that rounding never leaves their interval.</summary>
    /// <param name="first">The value at share 0, exactly.</param>
    /// <param name="second">The value at share 1, exactly.</param>
    /// <param name="share">0 to 1; clamped.</param>
    /// <returns>(1 − share) · first + share · second.</returns>
    private protected static double Between(double first, double second, double share) =>
        Math.Clamp(double.Lerp(first, second, Math.Clamp(share, 0, 1)), Math.Min(first, second), Math.Max(first, second));

    /// <summary>The share that has passed of the time from the end of the warm-up to a time.</summary>
    /// <param name="until">The time; null is the end of training.</param>
    /// <param name="progress">The progress of training.</param>
    /// <returns>0 during the warm-up, and without a course where the end is needed; 1 at the time, more after it.</returns>
    private protected static double Share(TrainingTime? until, Progress progress)
    {
        double warmUp = progress.Course?.WarmUp ?? 0;
        if (until is { } time && warmUp == 0) return time.Share(progress);
        if (progress.Step <= warmUp || progress.Course is not { } course) return 0;
        return (progress.Step - warmUp) / (EndInSteps(until, course) - warmUp) is >= 0 and var share ? share : 1;
    }

    private static double EndInSteps(TrainingTime? until, TrainingCourse course) => until switch
    {
        null => (double)course.Epochs * course.StepsInEpoch,
        { Unit: TrainingUnit.Steps } time => time.Count,
        { } time => time.Count * course.StepsInEpoch,
    };
}

/// <summary>A constant schedule.</summary>
/// <param name="Value">The value at any progress.</param>
public sealed record ConstantSchedule(double Value) : Schedule
{
    /// <inheritdoc/>
    public override double At(Progress progress) => Value;
}
