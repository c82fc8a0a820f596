using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Ctc.Configuration.Schema;

/// <summary>How the learning rate changes after the warm-up: the key <c>train.schedule</c>. Each is a share of <c>train.learning-rate</c>.</summary>
[JsonDerivedType(typeof(CosineRate), "cosine")]
[JsonDerivedType(typeof(LinearRate), "linear")]
[JsonDerivedType(typeof(StepRate), "steps")]
[JsonDerivedType(typeof(PlateauRate), "plateau")]
public abstract record LearningRateSchedule;

/// <summary>Half a cosine from 1 down to a share at the end of training.</summary>
/// <remarks>
/// Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, arXiv 1608.03983, without restarts.
/// </remarks>
public sealed record CosineRate : LearningRateSchedule
{
    /// <summary>Gets the share at the end.</summary>
    /// <value>0 to 1; the default is 0.</value>
    [Range(0.0, 1.0)]
    public double To { get; init; }
}

/// <summary>A straight line from 1 down to a share at the end of training.</summary>
public sealed record LinearRate : LearningRateSchedule
{
    /// <inheritdoc cref="CosineRate.To"/>
    [Range(0.0, 1.0)]
    public double To { get; init; }
}

/// <summary>Multiplied by a factor at given times.</summary>
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

/// <summary>Multiplied by a factor when the dev set has not improved for some epochs.</summary>
/// <remarks>As torch's ReduceLROnPlateau without a threshold or a cooldown: an epoch improves on others as the best epoch does.</remarks>
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
