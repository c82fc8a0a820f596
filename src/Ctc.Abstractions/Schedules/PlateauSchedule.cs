using System.ComponentModel.DataAnnotations;

namespace Ctc;

/// <summary>Approaches a value by a factor whenever the dev set has not improved for a number of epochs.</summary>
/// <remarks>Like torch's ReduceLROnPlateau without threshold or cooldown. Improvement is defined as for the choice of the best epoch.</remarks>
[Part("plateau", typeof(PlateauSchedule), Summary = "Approaches a value by a factor whenever the dev set has not improved for a number of epochs.",
    Formula = "to + (from − to) · factor^n, n the number of times that more than patience epochs in a row did not improve the dev set")]
public sealed record PlateauSchedule : Schedule, ISchedule
{
    /// <inheritdoc cref="LinearSchedule.From"/>
    [ScheduleValue]
    public double From { get; init; } = 1;

    /// <inheritdoc cref="ExponentialSchedule.To"/>
    [ScheduleValue]
    public double To { get; init; }

    /// <summary>Gets the factor on the distance to the limit.</summary>
    /// <value>Above 0, to 1; the default is 0.5.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Factor { get; init; } = 0.5;

    /// <summary>Gets how many epochs without improvement are tolerated; the next one reduces the distance.</summary>
    /// <value>0 or more; the default is 2.</value>
    [Range(0, int.MaxValue)]
    public int Patience { get; init; } = 2;

    /// <inheritdoc/>
    public override double At(Progress progress) => Between(To, From, Math.Pow(Factor, Plateaus(progress.Course?.Results ?? [])));

    // The number of runs of more than Patience consecutive epochs without an improvement.
    private int Plateaus(IReadOnlyList<DevResult> epochs)
    {
        int plateaus = 0, worse = 0;
        DevResult? best = null;
        foreach (DevResult epoch in epochs)
        {
            if (best is null || epoch < best.Value) (best, worse) = (epoch, 0);
            else if (++worse > Patience) (plateaus, worse) = (plateaus + 1, 0);
        }

        return plateaus;
    }
}
