using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Sweeps;

/// <summary>A run that a scheduler executes, and what is to be done about it.</summary>
/// <remarks>The run's folder has the last word: a result or a failure there ends the run, whatever the scheduler reports.</remarks>
/// <param name="same">The entries of the plan that share the run.</param>
/// <param name="folder">The run's folder.</param>
internal sealed class LaunchedRun(IReadOnlyList<RunStatus> same, string folder)
{
    /// <summary>How often a run is submitted, in one sweep, before it counts as failed.</summary>
    public const int MostSubmissions = 4;

    // Since when the scheduler has not been executing it, without a result in the folder.
    private DateTime? gone;

    /// <summary>Gets the entries of the plan that share the run.</summary>
    public IReadOnlyList<RunStatus> Same => same;

    /// <summary>Gets the run.</summary>
    public PlannedRun Run => same[0].Run;

    /// <summary>Gets the run's folder.</summary>
    public string Folder => folder;

    /// <summary>Gets the job to which it was submitted last; null if it was not.</summary>
    public SubmittedJob? Job { get; private set; }

    /// <summary>Gets its number in that job.</summary>
    public int Task { get; private set; }

    /// <summary>Gets how often it was submitted by this process.</summary>
    public int Submissions { get; private set; }

    /// <summary>Records the job to which an earlier process submitted it.</summary>
    /// <param name="job">The job.</param>
    /// <param name="task">The number in it.</param>
    public void Follow(SubmittedJob job, int task) => (Job, Task, gone) = (job, task, null);

    /// <summary>Records the job to which this process has submitted it.</summary>
    /// <inheritdoc cref="Follow"/>
    public void Submit(SubmittedJob job, int task)
    {
        Follow(job, task);
        Submissions++;
    }

    /// <summary>Determines what is to be done.</summary>
    /// <param name="task">What the scheduler reports; null if it does not know the task.</param>
    /// <param name="now">The time.</param>
    /// <param name="patience">How long files of an ended task may take to be seen here.</param>
    /// <returns>The step, with the cause of a failure.</returns>
    public (RunStep Step, string? Cause) Next(JobStatus? task, DateTime now, TimeSpan patience)
    {
        if (StateInFolder() is RunState.Done or RunState.Failed) return (RunStep.Read, null);
        if (task is { State: JobState.Waiting or JobState.Running })
        {
            gone = null;
            return (task.State == JobState.Running ? RunStep.Run : RunStep.Wait, null);
        }

        gone ??= now;
        return now - gone < patience ? (RunStep.Nothing, null) : task?.State switch
        {
            JobState.Done => (RunStep.Fail, "The task of the run ended with exit code 0 and left no result; a part may have ended it."),
            JobState.Failed => (RunStep.Fail, task.Cause ?? "The task of the run failed, without an error message."),
            _ when Submissions < MostSubmissions => (RunStep.Submit, null),
            _ => (RunStep.Fail, $"The scheduler lost the run {Submissions} times before its end; expected machines that stay up."),
        };
    }

    // A network file system may remember that a file was missing, but not when the folder is listed.
    private RunState StateInFolder()
    {
        if (!Directory.Exists(folder)) return RunState.Missing;
        _ = Directory.EnumerateFileSystemEntries(folder).Count();
        return RunFolder.StateOf(folder);
    }
}

/// <summary>What is to be done about a run that a scheduler executes.</summary>
internal enum RunStep
{
    /// <summary>Its task has ended, and its files may be under way.</summary>
    Nothing,

    /// <summary>It waits for a machine.</summary>
    Wait,

    /// <summary>It is being executed: its progress is in its folder.</summary>
    Run,

    /// <summary>It has ended: its folder has the result or the cause of its failure.</summary>
    Read,

    /// <summary>It has ended without a result or a recorded cause.</summary>
    Fail,

    /// <summary>It was lost and is to be submitted again.</summary>
    Submit,
}
