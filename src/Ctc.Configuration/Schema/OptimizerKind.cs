using System.Text.Json.Serialization;

namespace Ctc.Configuration.Schema;

/// <summary>How gradients become steps.</summary>
public enum OptimizerKind
{
    /// <summary>Adam; its weight decay is part of the gradient.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay.</summary>
    [JsonStringEnumMemberName("adamw")]
    AdamW,

    /// <summary>Stochastic gradient descent, with or without momentum.</summary>
    Sgd,

    /// <summary>Steps divided by a running root mean square of the gradient, with or without momentum.</summary>
    [JsonStringEnumMemberName("rmsprop")]
    RmsProp,
}
