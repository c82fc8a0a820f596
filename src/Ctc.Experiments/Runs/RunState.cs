namespace Ctc.Experiments.Runs;

/// <summary>How far a run has come.</summary>
public enum RunState
{
    /// <summary>Its folder holds no run yet.</summary>
    Missing,

    /// <summary>It was begun and has no result: it is under way elsewhere, or was interrupted.</summary>
    Unfinished,

    /// <summary>Its process runs, started by this sweep.</summary>
    Running,

    /// <summary>It has a result.</summary>
    Done,

    /// <summary>It ended without a result, and the cause is recorded.</summary>
    Failed,
}
