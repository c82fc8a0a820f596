using System.ComponentModel.DataAnnotations;
using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the value in the first step.</summary>
    /// <value>0 to 1; the default is 1.</value>
    [ScheduleValue]
    [Range(0.0, 1.0)]
    public double From { get; init; } = 1;

    /// <summary>Gets the limit, which is approached and not reached.</summary>
    /// <value>0 to 1; the default is 0.</value>
    [ScheduleValue]
    [Range(0.0, 1.0)]
    public double To { get; init; }

    /// <summary>Gets the time after which the distance to the limit is divided by √2.</summary>
    /// <value>Epochs or steps; the default is 4 epochs.</value>
    public TrainingTime After { get; init; } = new(4, TrainingUnit.Epochs);
}

/// <summary>Approaches a value by the inverse square root of time.</summary>
[Part("my-part", typeof(MyPartOptions),
    Summary = "Approaches a value by the inverse square root of time.",
    Formula = "to + (from − to) / √(1 + t / after)")]
internal sealed class MyPart(MyPartOptions options) : ISchedule
{
    public double At(Progress progress) =>
        double.Lerp(options.To, options.From, 1 / Math.Sqrt(1 + options.After.Share(progress)));
}
