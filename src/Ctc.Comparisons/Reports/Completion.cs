namespace Ctc.Comparisons.Reports;

/// <summary>How far a planned run has come.</summary>
internal enum Completion
{
    /// <summary>It has a result.</summary>
    Done,

    /// <summary>It ended without a result, and said why.</summary>
    Failed,

    /// <summary>It was begun and has not ended: it is under way, or was cut off.</summary>
    Unfinished,

    /// <summary>Its folder is not there yet.</summary>
    Missing,
}
