using Ctc.Experiments.Files;
using Ctc.Experiments.Processes;

namespace Ctc.Comparisons.Sweeps.Slurm;

/// <summary>Executes runs as a job array of Slurm.</summary>
[Part("slurm", typeof(SlurmOptions), Summary = "A job array of Slurm. Runs that reach their time limit are queued again and go on.")]
internal sealed class SlurmLauncher(SlurmOptions options) : ILauncher
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private bool isWithoutAccounting;

    /// <inheritdoc/>
    public void Require() => _ = (Program("sbatch"), Program("squeue"), Program("scancel"));

    /// <inheritdoc/>
    public string Describe(JobArray tasks) => SlurmScript.Compose(tasks, options);

    /// <inheritdoc/>
    public string Submit(JobArray tasks)
    {
        string script = Path.Combine(tasks.Folder, "job.sh");
        WholeFile.Write(script, Describe(tasks));
        (string output, ProcessEnd end) = Program("sbatch").Run(["--parsable", $"--chdir={tasks.Folder}", script], Limit);
        if (end.Code != 0) throw new InvalidDataException($"Slurm refuses the job: {Sentence(end)}; expected options that the cluster accepts.");
        return output.Trim().Split(';')[0]; // behind it the name of the cluster
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<int, JobStatus> Find(string job, IReadOnlyCollection<int> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        Dictionary<int, JobStatus> states =
            SlurmStates.Parse(Ask("squeue", "--noheader", "--array", "--states=all", $"--jobs={job}", "--format=%i|%T|%r") ?? "");
        if (isWithoutAccounting || tasks.All(task => states.TryGetValue(task, out JobStatus? status) && IsActive(status))) return states;

        // The queue forgets ended jobs after some minutes, and has no exit codes.
        try
        {
            string ended = Ask("sacct", "--noheader", "--parsable2", "--allocations", $"--jobs={job}", "--format=JobID,State,ExitCode") ?? "";
            foreach ((int task, JobStatus status) in SlurmStates.Parse(ended))
            {
                if (!states.TryGetValue(task, out JobStatus? queued) || !IsActive(queued)) states[task] = status;
            }
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            isWithoutAccounting = true; // as on clusters without a database
        }

        return states;
    }

    /// <inheritdoc/>
    public void Cancel(string job) => Ask("scancel", job);

    private static bool IsActive(JobStatus status) => status.State is JobState.Waiting or JobState.Running;

    // Null if Slurm does not know the job any more.
    private static string? Ask(string program, params string[] arguments)
    {
        (string Output, ProcessEnd End) answer;
        try
        {
            answer = Program(program).Run(arguments, Limit);
        }
        catch (InvalidDataException late)
        {
            throw new IOException(late.Message, late);
        }

        return answer.End.Code == 0 ? answer.Output
            : answer.End.Error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase) ? null
            : throw new IOException($"{program}: {Sentence(answer.End)}.");
    }

    private static string Sentence(ProcessEnd end) => (end.FirstLine ?? $"exit code {end.Code}").TrimEnd('.');

    private static InstalledProgram Program(string name) => InstalledProgram.Find(name) ?? throw new InvalidDataException(
        $"The launcher slurm needs {name}, which is not in PATH; expected a machine from which jobs of Slurm are submitted.");
}
