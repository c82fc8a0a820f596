using System.Text.Json.Nodes;
using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Runs;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

public class ReportTests
{
    [Test]
    [Category("Slow")]
    public void Compares_runs_that_were_trained_and_writes_beside_them()
    {
        using var folder = new TemporaryFolder();
        Train(folder, "plain", "objective.weighting=[]", "objective.targets=[]", "objective.emissions=[]", "objective.auxiliary=[]");
        Train(folder, "parts");
        new SweepRecord("smoke", "plain", [.. new[] { "plain", "parts" }.Select(variant => new PlannedRun(
            variant, new Dictionary<string, JsonNode?>(), 1, RunFolder.LoadRecord(folder.In(variant)).Identity, variant))]).Write(folder.Path);

        CommandOutput json = CtcInProcess.Run("report", folder.Path, "--json");
        Assert.That(Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName), Is.EqualTo(new[] { "sweep.json" }), "--json writes nothing");
        CommandOutput text = CtcCommand.Run("report", folder.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((text.ExitCode, text.Error), Is.EqualTo((0, "")));
            Assert.That(
                text.Output,
                Does.Match("^2 variants, 2 runs: 2 done. The token error rate, compared with plain:\n"
                    + @"parts: seeds were not varied(; [\d.]+ times the time of a step)?\nReport: "));
            Assert.That(
                JsonNode.Parse(json.Output)!["metrics"]!["token_error_rate"]!["parts"]!["difference"]!["to"]!.GetValue<string>(),
                Is.EqualTo("plain"));
            Assert.That(
                Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName),
                Is.EquivalentTo(new[] { "sweep.json", "results.csv", "timing.csv", "report.md", "report.html" }));
            Assert.That(File.ReadAllText(folder.In("report.html")), Does.Contain("The same utterance under each variant"));
            Assert.That(File.ReadAllText(folder.In("report.md")), Does.Contain("objective.weighting.focal.gamma"));
        }

        File.Delete(folder.In("results.csv"));
        Directory.CreateDirectory(folder.In("results.csv")); // as in a folder without write access
        CommandOutput unwritten = CtcInProcess.Run("report", folder.Path);
        string summary = text.Output[..text.Output.IndexOf("Report: ", StringComparison.Ordinal)];
        Assert.That((unwritten.ExitCode, unwritten.Output), Is.EqualTo((1, summary)));
        Assert.That(unwritten.Error, Does.Match("^ctc: the report could not be written: .*; --json prints it and writes nothing.\n$"));
    }

    [Test]
    public void A_folder_that_is_no_sweep_is_one_sentence()
    {
        using var folder = new TemporaryFolder();
        CommandOutput report = CtcInProcess.Run("report", folder.Path);
        Assert.That((report.ExitCode, report.Output), Is.EqualTo((2, "")));
        Assert.That(report.Error, Is.EqualTo($"ctc: {folder.Path}: there is no sweep.json; expected the folder of a sweep.\n"));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
    }

    private static void Train(TemporaryFolder folder, string name, params string[] overrides)
    {
        CommandOutput run = CtcInProcess.Run(["run", "configs/smoke.yaml", "train.epochs=1", .. overrides, "--output", folder.In(name)]);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
    }
}
