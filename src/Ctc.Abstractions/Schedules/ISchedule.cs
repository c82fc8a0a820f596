namespace Ctc;

/// <summary>
/// Extension point: a number as a function of the progress of training, for options of type <see cref="Schedule"/> and for the learning rate.
/// </summary>
/// <remarks>
/// It is a function: the same progress gives the same number, in any order, so that checkpoints contain no schedules. Mark its options that are
/// values of it with <see cref="ScheduleValueAttribute"/>.
/// </remarks>
public interface ISchedule : IPart
{
    /// <summary>Gets whether a value before the end of training depends on the number of epochs.</summary>
    /// <value>The default is false. If true, a run with more epochs does not continue a shorter one.</value>
    bool DependsOnLength => false;

    /// <summary>Returns the value at a progress, in training and in evaluation alike.</summary>
    /// <param name="progress">The progress of training; where nothing is trained, step 0 without a course.</param>
    /// <returns>A finite number. For the learning rate, its factor.</returns>
    double At(Progress progress);
}

/// <summary>
/// Marks an option of a schedule that is a value of it, or a list of values. A range on the option that has the schedule holds for these values, and
/// those of the schedule are between the smallest and the largest of them.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ScheduleValueAttribute : Attribute;
