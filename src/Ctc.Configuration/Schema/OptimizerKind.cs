using System.Text.Json.Serialization;

namespace Ctc.Configuration.Schema;

/// <summary>The optimizer.</summary>
public enum OptimizerKind
{
    /// <summary>Adam; weight decay is added to the gradient.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay.</summary>
    [JsonStringEnumMemberName("adamw")]
    AdamW,

    /// <summary>Stochastic gradient descent, with or without momentum.</summary>
    Sgd,

    /// <summary>RMSprop: the gradient divided by its running root mean square, with or without momentum.</summary>
    [JsonStringEnumMemberName("rmsprop")]
    RmsProp,
}
