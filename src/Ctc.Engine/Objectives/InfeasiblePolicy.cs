namespace Ctc.Engine.Objectives;

/// <summary>
/// The treatment of an utterance whose target has no alignment, for example if it needs more frames than there are. Its gradient is exactly 0 in any
/// case.
/// </summary>
public enum InfeasiblePolicy
{
    /// <summary>Throws an <see cref="InfeasibleException"/> that lists the utterances.</summary>
    Error,

    /// <summary>Its loss is 0, and the reduction counts it.</summary>
    Zero,

    /// <summary>The reduction excludes it.</summary>
    Drop,

    /// <summary>Its loss is +∞.</summary>
    Inf,
}
