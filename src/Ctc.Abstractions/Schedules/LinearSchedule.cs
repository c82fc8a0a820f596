namespace Ctc;

/// <summary>Changes linearly from one value to another, then stays constant.</summary>
public sealed record LinearSchedule : Schedule
{
    /// <summary>Gets the value in the first step.</summary>
    public required double From { get; init; }

    /// <summary>Gets the value at the end and after it.</summary>
    public required double To { get; init; }

    /// <summary>Gets the time at which the end is reached.</summary>
    /// <value>Epochs or steps from the start of training.</value>
    public required TrainingTime Until { get; init; }

    /// <inheritdoc/>
    public override double At(Progress progress) => Between(From, To, Until.Share(progress));
}
