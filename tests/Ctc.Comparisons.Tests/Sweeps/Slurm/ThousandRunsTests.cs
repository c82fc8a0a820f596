using System.Diagnostics;
using System.Text.Json;
using Ctc.Comparisons.Reports;
using Ctc.Comparisons.Sweeps;
using Ctc.Comparisons.Tests.Reports;
using Ctc.Configuration.Schema;
using Ctc.Experiments;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Hosting;
using Ctc.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Comparisons.Tests.Sweeps.Slurm;

/// <summary>A thousand runs that do nothing for a second, on a real Slurm, with the time of each stage.</summary>
/// <remarks>Its reduced instance, with three runs and a scheduler in memory, is <see cref="LaunchedSweepTests"/>.</remarks>
[Category("Long"), Explicit("minutes, and needs a Slurm")]
public class ThousandRunsTests
{
    private static long start;

    [Test]
    public void They_are_planned_submitted_followed_and_reported()
    {
        if (Environment.GetEnvironmentVariable("SLURM_CONF") is null) Assert.Ignore("SLURM_CONF is not set: tests/Slurm/node.sh starts a Slurm.");
        start = Stopwatch.GetTimestamp();
        using var folder = new TemporaryFolder();
        string text = $$"""
            name: thousand
            data: { source: drawn-lines, symbols: abc, train-lines: 2, dev-lines: 1, test-lines: 1, min-symbols: 1, max-symbols: 1 }
            model: { encoder: conv }
            sweep:
              baseline: plain
              seeds: [{{string.Join(", ", Enumerable.Range(1, 500))}}]
              variants: { plain: {}, longer: { train: { epochs: 20 } } }
              launcher: { slurm: { memory: 1 } }
            """;
        using ServiceProvider services = new ServiceCollection().AddCtcExperiments().AddCtcComparisons().BuildServiceProvider();
        PartCatalog catalog = services.GetRequiredService<PartCatalog>();
        SweepFile file = SweepFile.Expand(ExperimentFile.Parse(text, "x.yaml", folder.Path), []);
        SweepPlan plan = SweepPlan.Create(file, catalog, folder.Path);
        Report("planned");
        var sweep = new LaunchedSweep(plan, folder.In("sweep"), file.BindLauncher(catalog, name: null)!, [Dummy(folder, plan)]);
        Report("prepared");
        IReadOnlyList<RunStatus> runs = sweep.Execute(parallel: null, failFast: false, new Notes(), default);
        Report("executed");
        SweepReport.FromFolder(folder.In("sweep")).Write();
        Report("reported");
        Assert.That(runs.Count(run => run.State == RunState.Done), Is.EqualTo(1000));
        string[] rows = File.ReadAllLines(folder.In("sweep", "results.csv"));
        Assert.That(rows.Count(row => row.Contains(",done,", StringComparison.Ordinal)), Is.EqualTo(1000));
        Assert.That(Directory.EnumerateDirectories(folder.In("sweep", "jobs")).Count(), Is.EqualTo(1), "nothing was submitted again");
    }

    // The record of a run is there before; the task copies a result into its folder.
    private static string Dummy(TemporaryFolder folder, SweepPlan plan)
    {
        Directory.CreateDirectory(folder.In("sweep"));
        plan.Record.Write(folder.In("sweep"));
        foreach (PlannedRun run in plan.Record.Runs)
        {
            string at = Directory.CreateDirectory(folder.In("sweep", run.Folder)).FullName;
            var record = new RunRecord(
                run.Identity, plan.Experiments[run.Identity].ToJson(), [], new Dictionary<string, string>(), "cpu", Threads: 1, GitCommit: null);
            File.WriteAllText(Path.Combine(at, "run.json"), JsonSerializer.Serialize(record, RunJson.Page));
        }

        File.WriteAllText(folder.In("result.json"), JsonSerializer.Serialize(MadeUpSweep.WithErrors(3) with { Seconds = 1 }, RunJson.Page));
        BashProgram.Write(folder.In("dummy"), $"""
            sleep 1
            at=$(grep -o '"output":"[^"]*"' "$1" | cut -d '"' -f 4)
            cp '{folder.In("result.json")}' "$at/new" && mv "$at/new" "$at/evaluation.json"
            """);
        return folder.In("dummy");
    }

    private static void Report(string stage) => TestContext.Progress.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalSeconds:f1} s: {stage}");

    private sealed class Notes : ISweepObserver
    {
        public void Note(string line) => Report(line);

        public void Changed(IReadOnlyList<RunStatus> runs, RunStatus? changed)
        {
        }
    }
}
