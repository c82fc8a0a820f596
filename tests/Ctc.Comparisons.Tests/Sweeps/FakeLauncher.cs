using System.Text.Json;
using Ctc.Comparisons.Sweeps;
using Ctc.Comparisons.Tests.Reports;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;
using Ctc.Experiments;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Hosting;
using Ctc.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Comparisons.Tests.Sweeps;

/// <summary>A scheduler in memory, and a sweep of three runs whose results nobody trained for.</summary>
internal sealed class FakeLauncher : ILauncher, IDataSource, ISweepObserver, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public FakeLauncher()
    {
        const string text = """
            name: x
            data: { source: counted }
            model: { encoder: conv }
            sweep: { seeds: [1, 2, 3], variants: { plain: {} }, launcher: fake }
            """;
        var factory = new PartFactory<ILauncher>(new PartMetadata { Name = "fake", Options = typeof(NoOptions) }, null, _ => this);
        var data = new PartFactory<IDataSource>(new PartMetadata { Name = "counted", Options = typeof(NoOptions) }, null, _ => this);
        using ServiceProvider services = new ServiceCollection().AddCtcExperiments().AddCtcParts([factory, data]).BuildServiceProvider();
        SweepFile file = SweepFile.Expand(ExperimentFile.Parse(text, "x.yaml", folder.Path), []);
        PartCatalog catalog = services.GetRequiredService<PartCatalog>();
        Plan = SweepPlan.Create(file, catalog, folder.Path);
        Choice = file.BindLauncher(catalog, name: null)!;
    }

    public SweepPlan Plan { get; }

    public PartChoice Choice { get; }

    public string Sweep => folder.In("sweep");

    public List<string> Notes { get; } = [];

    public List<string> Cancelled { get; } = [];

    /// <summary>Gets the orders of each job.</summary>
    public List<RunOrder[]> Jobs { get; } = [];

    /// <summary>Gets or sets what happens when a task is looked up: the order, and how often that run was submitted.</summary>
    public Func<RunOrder, int, JobStatus?> Task { get; set; } = (_, _) => null;

    public LaunchedSweep Launched() => new(Plan, Sweep, Choice, ["/bin/ctc", "sweep-run", "--order"])
    {
        Pause = TimeSpan.FromMilliseconds(1), Patience = TimeSpan.Zero,
    };

    public IReadOnlyList<RunStatus> Execute(bool failFast = false, CancellationToken cancellation = default) =>
        Launched().Execute(parallel: 2, failFast, this, cancellation);

    /// <summary>Writes the result of a run.</summary>
    public static JobStatus Finish(RunOrder order)
    {
        Directory.CreateDirectory(order.Output);
        WholeFile.Write(RunFolder.EvaluationIn(order.Output), JsonSerializer.Serialize(MadeUpSweep.WithErrors(1), RunJson.Page));
        return new JobStatus(JobState.Done);
    }

    /// <summary>Gets how often the data were loaded.</summary>
    public int Loads { get; private set; }

    public Dataset Load()
    {
        Loads++;
        throw new InvalidDataException("There are no data.");
    }

    public Utterance Read(string file) => throw new NotSupportedException();

    public void Require()
    {
    }

    public string Describe(JobArray tasks) => $"{tasks.Count} of {tasks.Folder}";

    public string Submit(JobArray tasks)
    {
        Jobs.Add([.. Enumerable.Range(0, tasks.Count).Select(task => RunJson.Load<RunOrder>(tasks.OrderOf($"{task}"), "an order"))]);
        return $"job-{Jobs.Count}";
    }

    public IReadOnlyDictionary<int, JobStatus> Find(string job, IReadOnlyCollection<int> tasks)
    {
        var found = new Dictionary<int, JobStatus>();
        foreach (int task in tasks)
        {
            RunOrder order = Jobs[int.Parse(job.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture) - 1][task];
            int submissions = Jobs.Count(orders => orders.Any(other => other.Identity == order.Identity));
            if (Task(order, submissions) is { } status) found.Add(task, status);
        }

        return found;
    }

    public void Cancel(string job) => Cancelled.Add(job);

    public void Note(string line) => Notes.Add(line);

    public void Changed(IReadOnlyList<RunStatus> runs, RunStatus? changed)
    {
    }

    public void Dispose() => folder.Dispose();
}
