using System.Text.Json.Nodes;
using Ctc.Comparisons.Reports;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Tests.Reports;

/// <summary>Metrics that experiments name, in reports.</summary>
public class ChosenMetricTests
{
    private const string Key = "right_lines";

    [Test]
    [Category("Slow")]
    public void The_first_metric_of_the_experiments_leads_the_report_and_has_its_statistics()
    {
        using var sweep = new MadeUpSweep();
        int[] plain = [8, 9, 7, 8], other = [2, 3, 2, 4];
        for (int seed = 0; seed < plain.Length; seed++)
        {
            sweep.Finish("plain", seed, RightLines(MadeUpSweep.WithErrors(plain[seed])), epochs: 2);
            sweep.Finish("other", seed, RightLines(MadeUpSweep.WithErrors(other[seed])), epochs: 2);
        }

        SweepReport report = SweepReport.FromFolder(sweep.Path);
        report.Write();
        JsonObject metrics = report.ToJson()["metrics"]!.AsObject();
        string page = sweep.Text("report.md");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                metrics.Select(metric => metric.Key),
                Is.EqualTo(new[] { Key, "token_error_rate", "exact_match_rate", "loss", "macro_recall" }),
                "the one named, then what is measured always");
            Assert.That(report.Summary[0], Does.EndWith("The right lines, compared with plain:"));
            Assert.That(report.Summary[1], Does.Match(@"^other: higher by 5\.\d+ ± \d\.\d+ lines \(better\); also token error rate lower by "));
            Assert.That(page, Does.Contain("## Right lines\n").And.Contain("Higher is better."));
            Assert.That(page, Does.Contain("| mean over seeds, lines |"));
            int[] headings = [.. new[] { "## Right lines", "## Token error rate" }.Select(text => page.IndexOf(text, StringComparison.Ordinal))];
            Assert.That(headings, Is.Ordered);
            Assert.That(sweep.Text("results.csv"), Does.StartWith($"variant,seed,status,utterances,{Key},token_error_rate,exact_match_rate,loss,"));
            Assert.That(sweep.Text("report.html"), Does.Contain("Right lines of the dev set"));
        }

        // Every line counts 1 of 1, as in the exact match rate: the same numbers, times twenty.
        foreach (string variant in new[] { "plain", "other" })
        {
            JsonNode found = metrics[Key]![variant]!["metric"]!, exact = metrics["exact_match_rate"]![variant]!["metric"]!;
            Assert.That(Number(found["mean"]), Is.EqualTo(20 * Number(exact["mean"])).Within(1e-12));
            for (int end = 0; end < 2; end++)
            {
                Assert.That(Number(found["on_this_test_set"]![end]), Is.EqualTo(20 * Number(exact["on_this_test_set"]![end])).Within(1e-9));
            }
        }

        Assert.That(
            Number(metrics[Key]!["other"]!["difference"]!["p"]),
            Is.EqualTo(Number(metrics["exact_match_rate"]!["other"]!["difference"]!["p"])).Within(1e-12));
    }

    [Test]
    [Category("Slow")]
    public void A_run_without_the_metric_has_no_value_of_it_and_all_others()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, MadeUpSweep.WithErrors(8));
        sweep.Finish("other", 1, RightLines(MadeUpSweep.WithErrors(2)));
        SweepReport report = SweepReport.FromFolder(sweep.Path);
        report.Write();
        JsonObject metrics = report.ToJson()["metrics"]!.AsObject();
        Assert.That(metrics.Select(metric => metric.Key).Take(3), Is.EqualTo(new[] { "token_error_rate", "exact_match_rate", Key }));
        Assert.That(metrics[Key]!["other"]!["words"]!.GetValue<string>(), Is.EqualTo("not compared: the baseline has no result"));
        Assert.That(Number(metrics["token_error_rate"]!["plain"]!["metric"]!["mean"]), Is.EqualTo(8 / 200.0));
        Assert.That(sweep.Text("results.csv"), Does.Contain("plain,1,done,20,0.04,0.6,,"));
    }

    [Test]
    public void Totals_that_depend_on_the_reading_give_the_mean_of_the_ratios_of_the_runs()
    {
        using var sweep = new MadeUpSweep();
        for (int seed = 0; seed < 2; seed++)
        {
            Measurement test = MadeUpSweep.WithErrors(0);
            UtteranceResult[] lines =
            [
                .. test.Utterances.Select(line => line with { Metrics = new() { [Key] = new MetricRatio(seed + 1, seed == 0 ? 1 : 8) } }),
            ];
            sweep.Finish("plain", seed, test with
            {
                Utterances = lines, Metrics = new() { [Key] = new MetricValue("right lines", "", HigherIsBetter: true, 0) },
            });
        }

        SweepReport report = SweepReport.FromFolder(sweep.Path);
        report.Write();
        JsonNode metric = report.ToJson()["metrics"]![Key]!["plain"]!["metric"]!;
        Assert.That(Number(metric["mean"]), Is.EqualTo((1 + (2 / 8.0)) / 2));
        Assert.That(metric["on_this_test_set"], Is.Null, "every resample has the same value");
        Assert.That(sweep.Text("report.md"), Does.Contain("| mean over seeds |"), "a number without a unit");
    }

    private static double Number(JsonNode? node) => node!.GetValue<double>();

    private static Measurement RightLines(Measurement test)
    {
        UtteranceResult[] lines =
        [
            .. test.Utterances.Select(line => line with { Metrics = new() { [Key] = new MetricRatio(line.Errors == 0 ? 20 : 0, 1) } }),
        ];
        double value = lines.Sum(line => line.Metrics![Key].Amount) / lines.Length;
        return test with { Utterances = lines, Metrics = new() { [Key] = new MetricValue("right lines", "lines", HigherIsBetter: true, value) } };
    }
}
