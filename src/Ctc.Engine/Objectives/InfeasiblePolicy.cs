namespace Ctc.Engine.Objectives;

/// <summary>
/// The treatment of an utterance whose target has no alignment, for example if it needs more frames than there are. Its gradient is exactly 0 in any
/// case.
/// </summary>
public enum InfeasiblePolicy
{
    /// <summary>An error that names the utterances.</summary>
    Error,

    /// <summary>Its loss is 0, and it counts in the reduction.</summary>
    Zero,

    /// <summary>It leaves the reduction.</summary>
    Drop,

    /// <summary>Its loss is +∞.</summary>
    Inf,
}
