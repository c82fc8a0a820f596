using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Ctc.Configuration.Schema;

/// <summary>A learning rate schedule, applied after the warm-up as a factor of <c>train.learning-rate</c>: the key <c>train.schedule</c>.</summary>
[JsonDerivedType(typeof(CosineRate), "cosine")]
[JsonDerivedType(typeof(LinearRate), "linear")]
[JsonDerivedType(typeof(StepRate), "steps")]
[JsonDerivedType(typeof(PlateauRate), "plateau")]
public abstract record LearningRateSchedule;

/// <summary>Cosine decay of the factor from 1 to <see cref="To"/> at the end of training.</summary>
/// <remarks>
/// Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, arXiv 1608.03983, without restarts.
/// </remarks>
public sealed record CosineRate : LearningRateSchedule
{
    /// <summary>Gets the factor at the end of training.</summary>
    /// <value>0 to 1; the default is 0.</value>
    [Range(0.0, 1.0)]
    public double To { get; init; }
}

/// <summary>Linear decay of the factor from 1 to <see cref="To"/> at the end of training.</summary>
public sealed record LinearRate : LearningRateSchedule
{
    /// <inheritdoc cref="CosineRate.To"/>
    [Range(0.0, 1.0)]
    public double To { get; init; }
}

/// <summary>Multiplies the learning rate by a factor at given times.</summary>
public sealed record StepRate : LearningRateSchedule
{
    /// <summary>Gets the times.</summary>
    /// <value>Epochs or steps from the start of training, in any order; there is no default.</value>
    public required IReadOnlyList<TrainingTime> At { get; init; }

    /// <summary>Gets the factor.</summary>
    /// <value>Above 0, to 1; the default is 0.1.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Factor { get; init; } = 0.1;
}

/// <summary>Multiplies the learning rate by a factor when the dev set has not improved for a number of epochs.</summary>
/// <remarks>Like torch's ReduceLROnPlateau without threshold or cooldown. Improvement is defined as for the choice of the best epoch.</remarks>
public sealed record PlateauRate : LearningRateSchedule
{
    /// <summary>Gets the factor.</summary>
    /// <value>Above 0, to 1; the default is 0.5.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Factor { get; init; } = 0.5;

    /// <summary>Gets how many epochs without improvement are tolerated; the next one reduces the rate.</summary>
    /// <value>0 or more; the default is 2.</value>
    [Range(0, int.MaxValue)]
    public int Patience { get; init; } = 2;
}
