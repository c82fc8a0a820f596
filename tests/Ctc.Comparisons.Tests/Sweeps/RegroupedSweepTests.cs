using System.Text.Json;
using Ctc.Comparisons.Sweeps;
using Ctc.Comparisons.Tests.Reports;
using Ctc.Configuration.Schema;
using Ctc.Experiments;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;
using Ctc.Hosting;
using Ctc.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Comparisons.Tests.Sweeps;

/// <summary>A finished sweep whose manifest has got groups.</summary>
public class RegroupedSweepTests
{
    [Test]
    [Category("Slow")]
    public void It_runs_nothing_and_its_results_have_the_groups()
    {
        using var folder = new TemporaryFolder();
        Manifest(folder, "");
        SweepPlan before = Plan(folder);
        string run = folder.In("sweep", before.Record.Runs.Single().Folder);
        Directory.CreateDirectory(run);
        before.Record.Write(folder.In("sweep"));
        WholeFile.Write(
            Path.Combine(run, "evaluation.json"),
            JsonSerializer.Serialize(Measurement.FromUtterances([MadeUpSweep.Line(0, wrong: true)]), RunJson.Page));

        Manifest(folder, ",\"writer\":\"anna\"");
        SweepPlan after = Plan(folder);
        Assert.That(after.Record.Runs.Single().Identity, Is.EqualTo(before.Record.Runs.Single().Identity));
        new SweepExecution(after, folder.In("sweep"), ["no-program"]).Execute(1, failFast: true, new Silent(), default);
        UtteranceResult line = RunResult.Load(run).Test.Utterances.Single();
        Assert.That((line.Group, line.Errors), Is.EqualTo(("anna", 1)));
    }

    private static void Manifest(TemporaryFolder folder, string further)
    {
        foreach (string set in new[] { "train", "dev", "test" })
        {
            File.WriteAllText(folder.In($"{set}.png"), set);
            File.WriteAllText(folder.In(set), $"{{\"image\":\"{set}.png\",\"text\":\"a\",\"id\":\"line-0\"{further}}}\n");
        }
    }

    private static SweepPlan Plan(TemporaryFolder folder)
    {
        const string text = """
            name: x
            data: { source: manifest, train: train, dev: dev, test: test }
            model: { encoder: conv }
            sweep: { variants: { plain: {} } }
            """;
        using ServiceProvider services = new ServiceCollection().AddCtcExperiments().BuildServiceProvider();
        SweepFile file = SweepFile.Expand(ExperimentFile.Parse(text, "x.yaml", folder.Path), []);
        return SweepPlan.Create(file, services.GetRequiredService<PartCatalog>(), folder.Path);
    }

    private sealed class Silent : ISweepObserver
    {
        public void Note(string line)
        {
        }

        public void Changed(IReadOnlyList<RunStatus> runs, RunStatus? changed)
        {
        }
    }
}
