using System.Globalization;

namespace Ctc.Comparisons.Sweeps.Slurm;

/// <summary>The states of tasks, from the output of squeue and sacct.</summary>
/// <remarks>Source: the job state codes of the manual pages squeue(1) and sacct(1) of Slurm.</remarks>
internal static class SlurmStates
{
    /// <summary>Parses lines of squeue or sacct: the job with its task, the state, and a reason or an exit code, separated by bars.</summary>
    /// <param name="output">Such as <c>12_3|RUNNING|None</c>. Lines that are no task of an array, such as <c>12_[4-9]</c>, are ignored.</param>
    /// <returns>The states, by the number of the task.</returns>
    public static Dictionary<int, JobStatus> Parse(string output)
    {
        var states = new Dictionary<int, JobStatus>();
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.Split('|') is [var job, var state, var detail] && job.Split('_') is [_, var task]
                && int.TryParse(task, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                states[number] = Classify(job, state, detail);
            }
        }

        return states;
    }

    // sacct writes "CANCELLED by 1000".
    private static JobStatus Classify(string job, string state, string detail) => state.Split(' ')[0] switch
    {
        "PENDING" or "CONFIGURING" or "REQUEUED" or "REQUEUE_FED" or "REQUEUE_HOLD" or "SPECIAL_EXIT" or "RESV_DEL_HOLD" or "SUSPENDED"
            or "STOPPED" or "RESIZING" => new JobStatus(JobState.Waiting),
        "RUNNING" or "COMPLETING" or "SIGNALING" or "STAGE_OUT" => new JobStatus(JobState.Running),
        "COMPLETED" => new JobStatus(JobState.Done),
        "NODE_FAIL" or "BOOT_FAIL" or "LAUNCH_FAILED" or "RECONFIG_FAIL" or "PREEMPTED" or "REVOKED" => new JobStatus(JobState.Lost),
        "FAILED" when detail.StartsWith($"{JobArray.ContinueCode}:", StringComparison.Ordinal) => new JobStatus(JobState.Lost), // not queued again
        "CANCELLED" => new JobStatus(JobState.Failed, $"Job {job} of Slurm was cancelled."),
        "TIMEOUT" => new JobStatus(
            JobState.Failed,
            $"Job {job} of Slurm reached its time limit before its progress was saved; expected more sweep.launcher.slurm.notice or time."),
        "OUT_OF_MEMORY" => new JobStatus(
            JobState.Failed, $"Job {job} of Slurm used more memory than it may; expected more sweep.launcher.slurm.memory."),
        _ => new JobStatus(JobState.Failed, $"Job {job} of Slurm ended as {state} ({detail}), without an error message of the run."),
    };
}
