namespace Ctc;

/// <summary>The length of a training, and the results of its epochs so far on the dev set.</summary>
/// <param name="epochs">The number of epochs, 1 or more.</param>
/// <param name="stepsInEpoch">Optimiser steps in an epoch, 1 or more.</param>
public sealed class TrainingCourse(int epochs, int stepsInEpoch)
{
    /// <summary>Gets the number of epochs, unless training ends earlier.</summary>
    public int Epochs { get; } = epochs;

    /// <summary>Gets the number of optimiser steps in an epoch.</summary>
    public int StepsInEpoch { get; } = stepsInEpoch;

    /// <summary>Gets the steps before the schedule begins: those of the warm-up, for the schedule of the learning rate.</summary>
    /// <value>0 or more; the default is 0.</value>
    public double WarmUp { get; init; }

    /// <summary>Gets the results of the epochs that are done, the first one first.</summary>
    /// <value>None by default.</value>
    public IReadOnlyList<DevResult> Results { get; init; } = [];
}

/// <summary>The result of an epoch on the dev set. Epochs are compared by metric, then by loss: less is better.</summary>
/// <param name="Metric">The value by which the best epoch is chosen, negated if higher is better: by default the first metric.</param>
/// <param name="Loss">The loss, +∞ if it is not a number.</param>
public readonly record struct DevResult(double Metric, double Loss) : IComparable<DevResult>
{
    /// <inheritdoc/>
    public int CompareTo(DevResult other) => (Metric, Loss).CompareTo((other.Metric, other.Loss));

    /// <summary>Whether the first result is better.</summary>
    /// <param name="left">A result.</param>
    /// <param name="right">Another result.</param>
    public static bool operator <(DevResult left, DevResult right) => left.CompareTo(right) < 0;

    /// <summary>Whether the first result is worse.</summary>
    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(DevResult left, DevResult right) => left.CompareTo(right) > 0;

    /// <summary>Whether the first result is no worse.</summary>
    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator <=(DevResult left, DevResult right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the first result is no better.</summary>
    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >=(DevResult left, DevResult right) => left.CompareTo(right) >= 0;
}
