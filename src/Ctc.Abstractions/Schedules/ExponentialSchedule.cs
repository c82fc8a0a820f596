namespace Ctc;

/// <summary>Approaches a value exponentially, with a half-life: to + (from − to) · 2^(−t / half-life).</summary>
/// <remarks>
/// The form of the star penalty in Pratap et al., "Star Temporal Classification", 2022, arXiv 2201.12208. A factor τ per epoch is the half-life
/// −ln 2 / ln τ.
/// </remarks>
[Part("exponential", typeof(ExponentialSchedule), Summary = "Approaches a value, with a half-life.",
    Formula = "to + (from − to) · 2^(−t / half-life)", Example = "half-life: 2 epochs")]
public sealed record ExponentialSchedule : Schedule, ISchedule
{
    /// <inheritdoc cref="LinearSchedule.From"/>
    [ScheduleValue]
    public double From { get; init; } = 1;

    /// <summary>Gets the limit, which is approached and not reached.</summary>
    /// <value>The default is 0.</value>
    [ScheduleValue]
    public double To { get; init; }

    /// <summary>Gets the time in which the distance to the limit halves.</summary>
    /// <value>Epochs or steps.</value>
    public required TrainingTime HalfLife { get; init; }

    /// <inheritdoc/>
    public override double At(Progress progress) => Between(To, From, Math.Pow(2, -HalfLife.Share(progress)));
}
