namespace Ctc;

/// <summary>Draws near a value, the distance halved in equal times: to + (from − to) · 2^(−t / half-life).</summary>
/// <remarks>
/// The form of the star penalty in Pratap et al., "Star Temporal Classification", 2022, arXiv 2201.12208. A factor τ an epoch is the half-life −ln 2
/// / ln τ.
/// </remarks>
public sealed record ExponentialSchedule : Schedule
{
    /// <summary>Gets the value in the first step.</summary>
    public required double From { get; init; }

    /// <summary>Gets the value that is drawn near and not reached.</summary>
    public required double To { get; init; }

    /// <summary>Gets in what time the distance halves.</summary>
    /// <value>Epochs or steps.</value>
    public required TrainingTime HalfLife { get; init; }

    /// <inheritdoc/>
    public override double At(Progress progress) => Between(To, From, Math.Pow(2, -HalfLife.Share(progress)));
}
