using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Globalization;
using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the niceness of the processes: the higher, the more they let others go first.</summary>
    /// <value>0 to 19; the default is 10.</value>
    [Range(0, 19)]
    public int Niceness { get; init; } = 10;
}

/// <summary>Executes the runs of a sweep as background processes of this machine, which go on after the end of the sweep.</summary>
[Part("my-part", typeof(MyPartOptions), Summary = "Background processes of this machine, by the program nice.")]
internal sealed class MyPart(MyPartOptions options) : ILauncher
{
    private const string Shell = "/bin/sh";

    public void Require()
    {
        if (!File.Exists(Shell)) throw new InvalidDataException($"There is no {Shell}; expected a Unix system.");
    }

    public string Describe(JobArray tasks) => string.Join(
        '\n', Enumerable.Range(0, tasks.Count).Select(task => string.Join(' ', [Shell, .. Arguments(tasks, task)])));

    public string Submit(JobArray tasks) =>
        string.Join(',', Enumerable.Range(0, tasks.Count).Select(task => Process.Start(Shell, Arguments(tasks, task)).Id));

    // A process that is gone is missing: the sweep finds its result or its failure in the folder of the run, or starts it again.
    public IReadOnlyDictionary<int, JobStatus> Find(string job, IReadOnlyCollection<int> tasks) =>
        tasks.Where(task => FindProcess(job, task) is not null).ToDictionary(task => task, _ => new JobStatus(JobState.Running));

    public void Cancel(string job)
    {
        for (int task = 0; task < job.Split(',').Length; task++) FindProcess(job, task)?.Kill();
    }

    // The output goes to a file, because it may outlive the terminal.
    private string[] Arguments(JobArray tasks, int task) =>
    [
        "-c", $"log=$1; shift; exec nice -n {options.Niceness} \"$@\" > \"$log\" 2>&1", "sh",
        tasks.LogOf($"{task}"), .. tasks.Command, tasks.OrderOf($"{task}"),
    ];

    private static Process? FindProcess(string job, int task)
    {
        try
        {
            return Process.GetProcessById(int.Parse(job.Split(',')[task], CultureInfo.InvariantCulture));
        }
        catch (ArgumentException)
        {
            return null; // it has ended
        }
    }
}
