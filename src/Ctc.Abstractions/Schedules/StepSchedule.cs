using System.ComponentModel.DataAnnotations;

namespace Ctc;

/// <summary>Piecewise constant: jumps from value to value.</summary>
[Part("steps", typeof(StepSchedule), Summary = "Jumps from value to value at given times.",
    Example = "values: [1, 0.5, 0.25], starts: [1 epoch, 2 epochs]")]
public sealed record StepSchedule : Schedule, ISchedule, IValidatableObject
{
    /// <summary>Gets the values, in their order.</summary>
    /// <value>One more than there are jumps.</value>
    [ScheduleValue]
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>Gets the times at which the values after the first begin.</summary>
    /// <value>Epochs or steps from the start of training, all of one unit, each later than the one before.</value>
    public required IReadOnlyList<TrainingTime> Starts { get; init; }

    /// <inheritdoc/>
    public override double At(Progress progress) => Values[Starts.Count(start => start.Share(progress) >= 1)];

    /// <summary>Rejects counts of values and starts that do not match, and starts that do not increase.</summary>
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Values.Count != Starts.Count + 1)
        {
            yield return new ValidationResult(
                $"steps has {Values.Count} values and {Starts.Count} starts; expected a start for each value but the first", [nameof(Starts)]);
        }

        foreach ((TrainingTime earlier, TrainingTime later) in Starts.Zip(Starts.Skip(1)))
        {
            if (earlier.Unit == later.Unit && earlier.Count < later.Count) continue;
            yield return new ValidationResult(
                $"starts has {later} after {earlier}; expected times of one unit, each later than the one before", [nameof(Starts)]);
        }
    }
}
