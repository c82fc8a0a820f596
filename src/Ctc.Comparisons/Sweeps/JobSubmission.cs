using System.Text.Json;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Sweeps;

/// <summary>Hands runs to a launcher, with an order file for each, and records the jobs in the sweep's folder.</summary>
/// <param name="plan">The plan of the sweep.</param>
/// <param name="folder">The absolute path of the sweep's folder.</param>
/// <param name="runs">The runs in that folder.</param>
/// <param name="launcher">The launcher.</param>
/// <param name="name">Its name.</param>
/// <param name="command">The program, and the arguments before the path of an order.</param>
internal sealed class JobSubmission(
    SweepPlan plan, string folder, SweepRuns runs, ILauncher launcher, string name, IReadOnlyList<string> command)
{
    /// <summary>The most tasks of one job: what Slurm allows unless it is configured otherwise.</summary>
    public const int MostTasks = 1000;

    /// <summary>Composes what would be handed over. Writes nothing.</summary>
    /// <param name="some">The runs.</param>
    /// <param name="parallel">How many runs of a job may be executed at the same time; null for as many as the scheduler starts.</param>
    /// <returns>A text for each job.</returns>
    public IReadOnlyList<string> Describe(IReadOnlyList<LaunchedRun> some, int? parallel)
    {
        int next = SubmittedJobs.NextNumber(folder);
        return [.. some.Chunk(MostTasks).Select((tasks, i) => launcher.Describe(ArrayOf(tasks, next + i, parallel)))];
    }

    /// <summary>Submits runs.</summary>
    /// <param name="some">The runs; each then knows its job.</param>
    /// <param name="parallel">How many runs of a job may be executed at the same time; null for as many as the scheduler starts.</param>
    /// <param name="observer">Receives the names of the jobs.</param>
    /// <exception cref="InvalidDataException">A job is refused.</exception>
    public void Submit(IReadOnlyList<LaunchedRun> some, int? parallel, ISweepObserver observer)
    {
        if (some.Count == 0) return;
        foreach (LaunchedRun run in some) RunFailure.Delete(run.Folder); // it would end the run again
        FillCache(some);
        foreach (LaunchedRun[] tasks in some.Chunk(MostTasks))
        {
            JobArray array = ArrayOf(tasks, SubmittedJobs.NextNumber(folder), parallel);
            SubmittedJob job = HandOver(tasks, array);
            new SubmittedJobs([.. SubmittedJobs.Load(folder).Jobs, job]).Write(folder);
            foreach ((int number, LaunchedRun run) in tasks.Index()) run.Submit(job, number);
            observer.Note($"{tasks.Length} {(tasks.Length == 1 ? "run is" : "runs are")} submitted to {name} as job {job.Job}.");
        }
    }

    /// <summary>Ends the jobs that have any of these runs, and forgets them.</summary>
    /// <param name="identities">The identities of the runs.</param>
    /// <returns>The names of the jobs.</returns>
    public IReadOnlyList<string> Cancel(HashSet<string> identities)
    {
        SubmittedJobs jobs = SubmittedJobs.Load(folder);
        SubmittedJob[] active = [.. jobs.Jobs.Where(job => job.Launcher == name && job.Runs.Any(identities.Contains))];
        foreach (SubmittedJob job in active) launcher.Cancel(job.Job);
        if (active.Length > 0) new SubmittedJobs([.. jobs.Jobs.Except(active)]).Write(folder);
        return [.. active.Select(job => job.Job)];
    }

    private SubmittedJob HandOver(LaunchedRun[] tasks, JobArray array)
    {
        Directory.CreateDirectory(array.Folder);
        try
        {
            foreach ((int number, LaunchedRun run) in tasks.Index())
            {
                File.WriteAllText(array.OrderOf($"{number}"), JsonSerializer.Serialize(runs.OrderOf(run.Run), RunJson.Line));
            }

            string job = launcher.Submit(array);
            return new SubmittedJob(name, job, Path.GetRelativePath(folder, array.Folder), [.. tasks.Select(run => run.Run.Identity)]);
        }
        catch
        {
            Directory.Delete(array.Folder, recursive: true);
            throw;
        }
    }

    // Features that all runs read are computed here, once.
    private void FillCache(IReadOnlyList<LaunchedRun> some)
    {
        IEnumerable<PartChoice> data = some.Select(run => plan.Experiments[run.Run.Identity].Data)
            .DistinctBy(data => (data.Factory, CanonicalJson.Compact(CanonicalJson.From(data.Options))));
        foreach (PartChoice source in data)
        {
            try
            {
                source.Create<IDataSource>().Load();
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // The runs fail with it, and have it in their rows of the report.
            }
        }
    }

    private JobArray ArrayOf(LaunchedRun[] tasks, int number, int? parallel)
    {
        Experiment[] experiments = [.. tasks.Select(run => plan.Experiments[run.Run.Identity])];
        return new JobArray(plan.Record.Name, Path.Combine(folder, SubmittedJobs.FolderName, $"{number}"), command, tasks.Length)
        {
            Threads = experiments.Max(experiment => experiment.Train.Threads),
            Device = experiments.Any(experiment => experiment.Device == DeviceChoice.Cuda) ? "cuda" : "cpu",
            Parallel = parallel,
        };
    }
}
