using System.Text.Json.Serialization;

namespace Ctc;

/// <summary>A number that may change as training goes on: the type of an option. A constant is written as a plain number.</summary>
/// <remarks>
/// A part asks for the value at the progress of its batch: <c>options.Lambda.At(batch.Progress)</c>. It is a function of the progress alone, so
/// nothing of it need be saved. A range on the option holds for every value that the schedule can take. In YAML a schedule is
/// <c>{ name: { options } }</c>, by the names below.
/// </remarks>
[JsonDerivedType(typeof(LinearSchedule), "linear")]
[JsonDerivedType(typeof(ExponentialSchedule), "exponential")]
[JsonDerivedType(typeof(StepSchedule), "steps")]
public abstract record Schedule
{
    /// <summary>The value when a batch is evaluated, in training and in measuring alike.</summary>
    /// <param name="progress">Where training stands.</param>
    /// <returns>A number between the smallest and the largest that the schedule names.</returns>
    public abstract double At(Progress progress);

    /// <summary>A constant.</summary>
    /// <param name="value">Its value at any time.</param>
    public static implicit operator Schedule(double value) => new ConstantSchedule(value);

    /// <summary>What lies between two values, never beyond them, whatever rounding does.</summary>
    /// <param name="first">The value at share 0, exactly.</param>
    /// <param name="second">The value at share 1, exactly.</param>
    /// <param name="share">0 to 1; beyond is taken as the nearer end.</param>
    /// <returns>(1 − share) · first + share · second.</returns>
    private protected static double Between(double first, double second, double share) =>
        Math.Clamp(double.Lerp(first, second, Math.Clamp(share, 0, 1)), Math.Min(first, second), Math.Max(first, second));
}

/// <summary>One value for all time.</summary>
/// <param name="Value">That value.</param>
public sealed record ConstantSchedule(double Value) : Schedule
{
    /// <inheritdoc/>
    public override double At(Progress progress) => Value;
}
