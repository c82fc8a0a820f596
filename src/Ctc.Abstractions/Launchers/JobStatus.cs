namespace Ctc;

/// <summary>What a scheduler reports of a task.</summary>
/// <param name="state">How far it is.</param>
/// <param name="cause">A sentence for the user if the task failed; else null, the default.</param>
public sealed class JobStatus(JobState state, string? cause = null)
{
    /// <summary>Gets how far the task is.</summary>
    public JobState State => state;

    /// <summary>Gets the cause of a failure, a sentence for the user; null if the task has not failed.</summary>
    public string? Cause => cause;
}

/// <summary>How far a task of a scheduler is.</summary>
public enum JobState
{
    /// <summary>It is still to be executed, for the first time or again.</summary>
    Waiting,

    /// <summary>A machine executes it.</summary>
    Running,

    /// <summary>It ended with exit code 0.</summary>
    Done,

    /// <summary>It ended otherwise, or was ended.</summary>
    Failed,

    /// <summary>A machine or the scheduler took it before its end, through no fault of its own.</summary>
    Lost,
}
