using System.Text.Json;
using Ctc.Experiments.Files;

namespace Ctc.Comparisons.Sweeps;

/// <summary>The jobs to which the runs of a sweep were submitted: <c>jobs.json</c> in its folder.</summary>
/// <param name="Jobs">In the order of submission: a run that is in several was submitted again.</param>
internal sealed record SubmittedJobs(IReadOnlyList<SubmittedJob> Jobs)
{
    /// <summary>The record's file in a sweep's folder.</summary>
    public const string FileName = "jobs.json";

    /// <summary>Under a sweep's folder: the folders of its jobs, numbered from 1.</summary>
    public const string FolderName = "jobs";

    /// <summary>Reads the record.</summary>
    /// <param name="folder">The sweep's folder.</param>
    /// <returns>No jobs if there is no record.</returns>
    /// <exception cref="RunFolderException">The record is damaged.</exception>
    public static SubmittedJobs Load(string folder)
    {
        string file = Path.Combine(folder, FileName);
        return File.Exists(file) ? RunJson.Load<SubmittedJobs>(file, "the record of submitted jobs") : new SubmittedJobs([]);
    }

    /// <summary>Writes the record, whole or not at all.</summary>
    /// <param name="folder">The sweep's folder.</param>
    public void Write(string folder) => WholeFile.Write(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, RunJson.Page));

    /// <summary>The job to which a run was submitted last, and the number of its task; null if it was never submitted.</summary>
    public (SubmittedJob Job, int Task)? Find(string launcher, string identity) => Jobs
        .Where(job => job.Launcher == launcher)
        .Select(job => ((SubmittedJob Job, int Task)?)(job, job.Runs.ToList().IndexOf(identity)))
        .LastOrDefault(found => found!.Value.Task >= 0);

    /// <summary>The number of the next job's folder.</summary>
    /// <param name="folder">The sweep's folder, existing or not.</param>
    public static int NextNumber(string folder)
    {
        string jobs = Path.Combine(folder, FolderName);
        return !Directory.Exists(jobs) ? 1
            : 1 + Directory.EnumerateDirectories(jobs)
                .Select(job => int.TryParse(Path.GetFileName(job), out int number) ? number : 0).Append(0).Max();
    }
}

/// <summary>A job of a scheduler.</summary>
/// <param name="Launcher">The launcher that submitted it.</param>
/// <param name="Job">Its name there.</param>
/// <param name="Folder">The folder of its orders, relative to the sweep's.</param>
/// <param name="Runs">The identity of the run of each task.</param>
internal sealed record SubmittedJob(string Launcher, string Job, string Folder, IReadOnlyList<string> Runs);
