using Ctc.Comparisons.Reports;
using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Files;

namespace Ctc.Comparisons.Tests.Reports;

/// <summary>A folder that is not what it should be is one sentence, and nothing is written.</summary>
public class DamagedSweepTests
{
    [Test]
    public void Another_folder_is_refused()
    {
        using var sweep = new MadeUpSweep();
        Assert.That(
            () => SweepReport.FromFolder(sweep.Path),
            Throws.TypeOf<RunFolderException>().With.Message.EqualTo($"{sweep.Path}: there is no sweep.json; expected the folder of a sweep."));
    }

    [TestCase("sweep.json", "{", "expected the record of a sweep.")]
    [TestCase("sweep.json", """{"name":"x","baseline":"plain","runs":[null]}""", "a run is null; expected the record of a sweep.")]
    [TestCase("plain-1/evaluation.json", "{\"token_error_rate\": 1", "expected the result of a run.")]
    [TestCase("plain-1/evaluation.json", "null", "expected the result of a run.")]
    [TestCase("plain-1/run.json", "[]", "expected the record of a run.")]
    [TestCase("plain-1/failure.json", "?", "expected why a run failed.")]
    [TestCase("plain-1/metrics.jsonl", "null", "expected the numbers of an epoch.")]
    public void A_damaged_file_is_named(string file, string text, string end)
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4), epochs: 2);
        File.WriteAllText(sweep.In(file.Split('/')), text);
        Assert.That(
            () => SweepReport.FromFolder(sweep.Path).Write(),
            Throws.TypeOf<RunFolderException>().With.Message.StartsWith(sweep.In(file.Split('/'))).And.Message.EndsWith(end));
        Assert.That(File.Exists(sweep.In("report.html")), Is.False);
    }

    [Test]
    public void A_line_of_the_metrics_that_was_cut_is_named_by_its_number()
    {
        using var sweep = new MadeUpSweep();
        string metrics = Path.Combine(sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4), epochs: 3), "metrics.jsonl");
        File.WriteAllText(metrics, File.ReadAllText(metrics)[..^20]);
        Assert.That(() => SweepReport.FromFolder(sweep.Path), Throws.TypeOf<RunFolderException>().With.Message.StartsWith($"{metrics}, line 3: "));
    }

    [Test]
    public void A_symbol_that_is_null_is_no_result()
    {
        using var sweep = new MadeUpSweep();
        string file = Path.Combine(sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4)), "evaluation.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"a\",", "null,"));
        Assert.That(() => SweepReport.FromFolder(sweep.Path), Throws.TypeOf<RunFolderException>().With.Message.StartsWith($"{file}: "));
    }

    [Test]
    public void A_baseline_that_is_not_in_the_sweep_is_refused()
    {
        using var sweep = new MadeUpSweep(baseline: "plane");
        sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4));
        Assert.That(
            () => SweepReport.FromFolder(sweep.Path),
            Throws.TypeOf<RunFolderException>().With.Message.EndsWith("sweep.json: no run is of the baseline, plane; expected at least one."));
    }

    [Test]
    public void A_seed_that_is_there_twice_is_refused()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4));
        sweep.Plan("plain", 1);
        Assert.That(
            () => SweepReport.FromFolder(sweep.Path),
            Throws.TypeOf<RunFolderException>().With.Message.EqualTo("sweep.json: plain has seed 1 2 times; expected each seed once."));
    }

    [Test]
    public void The_folder_of_another_run_is_refused()
    {
        using var sweep = new MadeUpSweep();
        string folder = sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4));
        SweepRecord record = SweepRecord.Load(sweep.Path);
        (record with { Runs = [record.Runs[0] with { Identity = new string('f', 64) }] }).Write(sweep.Path);
        Assert.That(
            () => SweepReport.FromFolder(sweep.Path),
            Throws.TypeOf<RunFolderException>().With.Message.EqualTo(
                $"{folder} holds another run, {record.Runs[0].Identity[..12]}; expected ffffffffffff, plain with seed 1."));
    }
}
