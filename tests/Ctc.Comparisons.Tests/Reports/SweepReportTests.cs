using System.Text.Json.Nodes;
using System.Xml.Linq;
using Ctc.Comparisons.Reports;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Tests.Reports;

public class SweepReportTests
{
    [Test]
    [Category("Slow")]
    public void Charts_and_columns_of_many_variants_are_those_of_the_first_forty()
    {
        using var sweep = new MadeUpSweep();
        foreach (int i in Enumerable.Range(0, 45))
        {
            var experiment = new JsonObject { ["name"] = "made-up", ["seed"] = 1, ["train"] = new JsonObject { ["epochs"] = i } };
            sweep.Finish(i == 0 ? "plain" : $"v{i:00}", 1, MadeUpSweep.WithErrors(i % 7), experiment);
        }

        SweepReport.FromFolder(sweep.Path).Write();

        string page = sweep.Text("report.html"), text = sweep.Text("report.md");
        Assert.That(page, Does.Contain("Thin: on this test set. Shown are the first 40 of 44 variants."));
        Assert.That(text, Does.Contain("Shown are the first 40 of 45 variants."));
        string columns = text.Split('\n').First(line => line.StartsWith("| key |", StringComparison.Ordinal));
        Assert.That(columns.Count(letter => letter == '|'), Is.EqualTo(42), "the key and forty variants");
        Assert.That(text, Does.Contain("| v44 |"), "the tables of results have a row for each");
        Assert.That(page, Has.Length.LessThan(3_000_000));
    }

    [Test]
    [Category("Slow")]
    public void A_sweep_that_is_half_done_is_reported_as_far_as_it_is()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4), epochs: 3);
        sweep.Begin("plain", 2, epochs: 1);
        sweep.Plan("other", 1);
        new RunFailure("The disk is full.").Write(sweep.Begin("other", 2));
        SweepReport report = Written(sweep);
        Assert.That(report.Summary, Is.EqualTo(new[]
        {
            "2 variants, 4 runs: 1 done, 1 failed, 1 begun and not finished, 1 not begun. The token error rate, compared with plain:",
            "other: no result",
        }));
        string page = sweep.Text("report.md");
        Assert.That(page, Does.Contain("- plain, seed 2: begun, and not finished after 1 epoch\n"));
        Assert.That(page, Does.Contain("- other, seed 1: not begun\n"));
        Assert.That(page, Does.Contain("- other, seed 2: failed: The disk is full.\n"));
    }

    [Test]
    public void A_sweep_without_any_result_says_so()
    {
        using var sweep = new MadeUpSweep();
        sweep.Plan("plain", 1);
        SweepReport report = Written(sweep);
        Assert.That(report.Summary, Is.EqualTo(new[] { "1 variant, 1 run: 0 done, 1 not begun." }));
        Assert.That(sweep.Text("report.md"), Does.Contain("No run has a result yet."));
        Assert.That(sweep.Text("results.csv"), Is.EqualTo("variant,seed,status,utterances\r\nplain,1,missing,\r\n"));
    }

    [Test]
    public void A_baseline_alone_has_means_and_no_differences()
    {
        using var sweep = new MadeUpSweep();
        for (int seed = 1; seed <= 3; seed++) sweep.Finish("plain", seed, MadeUpSweep.WithErrors(3 + seed));
        Written(sweep);
        Assert.That(
            sweep.Text("report.md"),
            Does.Contain("| variant | runs | mean over seeds, % | on this test set, % |\n|---|--:|--:|--:|\n| plain | 3 | 2.5 ± 1.2 |"));
    }

    [Test]
    [Category("Slow")]
    public void One_seed_has_the_interval_of_the_test_set_alone_and_the_report_says_so()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, MadeUpSweep.WithErrors(12, utterances: 100));
        sweep.Finish("other", 1, MadeUpSweep.WithErrors(2, utterances: 100));
        Written(sweep);
        JsonNode difference = Row(sweep, "other")["difference"]!;
        Assert.That(sweep.Text("report.md"), Does.Contain("Seeds were not varied: each variant is compared by one run."));
        Assert.That((difference["interval"], difference["p"], difference["p_holm"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null, (JsonNode?)null)));

        // Ten of a hundred lines got one error of ten tokens better: −1 point, and a standard error of √(0.1 · 0.9 / 100) / 10.
        Assert.That(difference["mean"]!.GetValue<double>(), Is.EqualTo(-0.01).Within(1e-15));
        Assert.That(difference["on_this_test_set"]![0]!.GetValue<double>(), Is.EqualTo(-0.01 - (1.98 * 0.003)).Within(0.0011));
        Assert.That(difference["on_this_test_set"]![1]!.GetValue<double>(), Is.EqualTo(-0.01 + (1.98 * 0.003)).Within(0.0011));
    }

    [Test]
    public void Utterances_of_one_group_are_drawn_together()
    {
        using MadeUpSweep alone = Grouped(_ => null), together = Grouped(u => $"speaker {u / 10}");
        double Width(MadeUpSweep sweep)
        {
            JsonNode interval = Row(sweep, "plain")["metric"]!["on_this_test_set"]!;
            return interval[1]!.GetValue<double>() - interval[0]!.GetValue<double>();
        }

        // Errors come ten by ten, so that a group of ten holds no more than one utterance of it would: √10 times as wide, and Student's share.
        Assert.That(Width(together) / Width(alone), Is.InRange(2.5, 4.2));
        Written(together);
        Assert.That(together.Text("report.md"), Does.Contain("The test set has 200 utterances of 20 groups; the bootstrap draws whole groups."));

        static MadeUpSweep Grouped(Func<int, string?> group)
        {
            var sweep = new MadeUpSweep();
            sweep.Finish("plain", 1, MadeUpSweep.WithErrors(60, utterances: 200, group));
            return sweep;
        }
    }

    [Test]
    public void Too_few_groups_have_no_interval_and_the_report_says_so()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4, group: u => u % 2 == 0 ? "she" : "he"));
        Written(sweep);
        Assert.That(Row(sweep, "plain")["metric"]!["on_this_test_set"], Is.Null);
        Assert.That(
            sweep.Text("report.md"), Does.Contain("of 2 groups; the bootstrap draws whole groups. That is fewer than 10, too few for an interval."));
    }

    [Test]
    [Category("Slow")]
    public void A_point_of_the_grid_is_compared_with_the_same_point_of_the_baseline()
    {
        using var sweep = new MadeUpSweep();
        foreach (double rate in new[] { 0.1, 0.2 })
        {
            for (int seed = 1; seed <= 2; seed++)
            {
                sweep.Finish("plain", seed, MadeUpSweep.WithErrors(4), grid: [("train.learning-rate", rate)]);
                sweep.Finish("focal", seed, MadeUpSweep.WithErrors(4 + seed), grid: [("objective.gamma", 1), ("train.learning-rate", rate)]);
            }
        }

        sweep.Finish("ungridded", 1, MadeUpSweep.WithErrors(4));
        Assert.That(Row(sweep, "focal gamma=1 learning-rate=0.2")["difference"]!["to"]!.GetValue<string>(), Is.EqualTo("plain learning-rate=0.2"));
        Assert.That(Row(sweep, "ungridded")["words"]!.GetValue<string>(), Is.EqualTo("not compared: no single point of the baseline's grid fits"));
    }

    [Test]
    [Category("Slow")]
    public void Only_the_keys_that_differ_are_shown()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4), Experiment("""{"topology":"ctc","targets":[]}"""));
        sweep.Finish(
            "other",
            1,
            MadeUpSweep.WithErrors(4),
            Experiment("""{"topology":"ctc","targets":[{"smooth":{"epsilon":0.1}},{"hinge":{}},{"smooth":{"epsilon":0.2}}]}"""));
        Written(sweep);
        Assert.That(sweep.Text("report.md"), Does.Contain("""
            | key | plain | other |
            |---|---|---|
            | objective.targets.hinge | – | yes |
            | objective.targets.smooth\#2.epsilon | – | 0.2 |
            | objective.targets.smooth.epsilon | – | 0.1 |

            """));

        static JsonObject Experiment(string objective) =>
            new() { ["name"] = "x", ["seed"] = 1, ["plugins"] = new JsonArray(), ["objective"] = JsonNode.Parse(objective) };
    }

    [Test]
    public void Infeasible_utterances_that_the_loss_leaves_out_are_counted()
    {
        using var sweep = new MadeUpSweep();
        UtteranceResult[] lines = [.. Enumerable.Range(0, 20).Select(u => MadeUpSweep.Line(u, wrong: u == 3) with { Loss = u == 3 ? null : 1 })];
        sweep.Finish("plain", 1, Measurement.FromUtterances(lines));
        Written(sweep);
        Assert.That(sweep.Text("report.md"), Does.Contain("The loss leaves out utterances that have no alignment with their target: plain 1."));
    }

    [Test]
    public void What_chose_the_best_epochs_is_compared_first()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, Measured(8));
        sweep.Finish("other", 1, Measured(4));
        SweepReport report = SweepReport.FromFolder(sweep.Path);
        Assert.That(report.Summary[0], Is.EqualTo("2 variants, 2 runs: 2 done. The median boundary error, compared with plain:"));
        Assert.That(report.ToJson()["metrics"]!.AsObject().First().Value!["other"]!["metric"]!["mean"]!.GetValue<double>(), Is.EqualTo(4));

        static Measurement Measured(double error)
        {
            UtteranceResult[] lines =
                [.. Enumerable.Range(0, 20).Select(u => MadeUpSweep.Line(u, wrong: false) with { BoundaryErrors = [error, -error] })];
            Measurement test = Measurement.FromUtterances(lines) with { BoundaryErrorMs = BoundaryError.FromDifferences([error, -error]) };
            var first = KeyValuePair.Create("boundary_error_ms", new MetricValue("median boundary error", "ms", HigherIsBetter: false, error));
            return test with { Metrics = new([first, .. test.Values]) };
        }
    }

    [TestCase(true, "ms")]
    [TestCase(false, "frames")]
    public void Boundary_errors_are_compared_where_they_were_measured(bool timed, string unit)
    {
        using var sweep = new MadeUpSweep();
        for (int seed = 1; seed <= 3; seed++)
        {
            sweep.Finish("plain", seed, Measured(seed, 8));
            sweep.Finish("other", seed, Measured(seed, 4));
        }

        JsonObject metrics = SweepReport.FromFolder(sweep.Path).ToJson()["metrics"]!.AsObject();
        AssertHalf("boundary_error_", errors => BoundaryError.FromDifferences(errors)!.Median);
        AssertHalf("mean_boundary_error_", errors => errors.Average(Math.Abs));
        AssertHalf("boundary_error_p90_", errors => BoundaryError.FromDifferences(errors)!.P90);
        JsonNode bias = metrics[$"boundary_bias_{unit}"]!["other"]!, within = metrics[timed ? "boundaries_within_10_ms" : "boundaries_within_5_frames"]!;
        Assert.That(
            bias["metric"]!["mean"]!.GetValue<double>(),
            Is.EqualTo(Enumerable.Range(1, 3).Average(seed => Errors(seed, 4).Average())).Within(1e-12));
        int limit = timed ? 10 : 5;
        Assert.That(
            within["other"]!["metric"]!["mean"]!.GetValue<double>(),
            Is.EqualTo(Enumerable.Range(1, 3).Average(seed => Errors(seed, 4).Average(error => Math.Abs(error) <= limit ? 1.0 : 0))).Within(1e-12));

        // The variant's errors are half of the baseline's.
        void AssertHalf(string key, Func<double[], double> value)
        {
            double expected = Enumerable.Range(1, 3).Average(seed => value(Errors(seed, 4)));
            JsonNode other = metrics[key + unit]!["other"]!;
            Assert.That(other["metric"]!["mean"]!.GetValue<double>(), Is.EqualTo(expected).Within(1e-12));
            Assert.That(other["difference"]!["mean"]!.GetValue<double>(), Is.EqualTo(-expected).Within(1e-12));
            Assert.That(other["difference"]!["on_this_test_set"]![1]!.GetValue<double>(), Is.Negative);
        }

        static double[] Errors(int seed, double size) => [.. Enumerable.Range(0, 20).SelectMany(u => Of(u, seed, size))];
        static double[] Of(int u, int seed, double size) => [size * (u - seed), -2 * size * (u - seed)];
        Measurement Measured(int seed, double size)
        {
            Measurement test = Measurement.FromUtterances(
                [.. Enumerable.Range(0, 20).Select(u => MadeUpSweep.Line(u, wrong: false) with { BoundaryErrors = Of(u, seed, size) })]);
            BoundaryError? error = BoundaryError.FromDifferences(Errors(seed, size));
            return timed ? test with { BoundaryErrorMs = error } : test with { BoundaryErrorFrames = error };
        }
    }

    [Test]
    [Category("Slow")]
    public void Times_per_step_stand_beside_those_of_the_baseline_seed_by_seed()
    {
        using var sweep = new MadeUpSweep();
        for (int seed = 1; seed <= 2; seed++)
        {
            foreach ((string variant, double slower) in new[] { ("plain", 1.0), ("entropy", 36 + seed) })
            {
                string run = sweep.Finish(variant, seed, MadeUpSweep.WithErrors(4));
                double[] times = [0.5, 0.002 * seed * slower, 0.002 * seed * slower];
                EpochMetrics.Write(
                    Path.Combine(run, "metrics.jsonl"), times.Select((time, i) => MadeUpSweep.Epoch(i + 1, seed) with { StepSeconds = time }));
            }
        }

        Written(sweep);
        Assert.That(
            sweep.Text("report.md"),
            Does.Contain("| variant | time per step, ms | relative to plain |\n|---|--:|--:|\n| plain | 3.00 | 1.00 |\n| entropy | 113.00 | 37.50 |"));
        Assert.That(SweepReport.FromFolder(sweep.Path).Summary[1], Is.EqualTo("entropy: no difference shown; 37.5 times the time of a step"));
        JsonNode entropy = SweepReport.FromFolder(sweep.Path).ToJson()["seconds_per_step"]!["entropy"]!;
        Assert.That(entropy["relative"]!.GetValue<double>(), Is.EqualTo(37.5).Within(1e-12));
        Assert.That(entropy["mean"]!.GetValue<double>(), Is.EqualTo(0.113).Within(1e-12));
    }

    [Test]
    [Category("Slow")]
    public void The_losses_of_heads_have_a_table_and_a_curve()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4), epochs: 2);
        string run = sweep.Finish("inter", 1, MadeUpSweep.WithErrors(4));
        EpochMetrics.Write(
            Path.Combine(run, "metrics.jsonl"),
            [.. new[] { 5.0, 3 }.Select((loss, i) =>
                MadeUpSweep.Epoch(i + 1, 1) with { TrainLoss = 2 * loss, HeadLosses = new() { ["middle"] = loss, ["middle-2"] = loss / 2 } })]);
        Written(sweep);
        Assert.That(sweep.Text("report.md"), Does.Contain(
            "| variant | training loss, nats | head middle, nats | head middle-2, nats |\n|---|--:|--:|--:|\n| inter | 6.000 | 3.000 | 1.500 |"));
        Assert.That(sweep.Text("report.html"), Does.Contain("Training loss of the head middle"));
        JsonNode losses = SweepReport.FromFolder(sweep.Path).ToJson()["head_losses"]!;
        Assert.That(losses.ToJsonString(), Is.EqualTo("""{"inter":{"middle":3,"middle-2":1.5}}"""));
    }

    [Test]
    [Category("Slow")]
    public void What_was_never_measured_is_left_out()
    {
        using var sweep = new MadeUpSweep();
        UtteranceResult[] lines = [.. Enumerable.Range(0, 20).Select(u => MadeUpSweep.Line(u, wrong: false) with { Loss = null })];
        sweep.Finish("plain", 1, Measurement.FromUtterances(lines), epochs: 2);
        Written(sweep);
        Assert.That(
            SweepReport.FromFolder(sweep.Path).ToJson()["metrics"]!.AsObject().Select(metric => metric.Key),
            Is.EqualTo(new[] { "token_error_rate", "exact_match_rate", "macro_recall" }));
        Assert.That(sweep.Text("report.html"), Does.Contain("Token error rate of the dev set").And.Not.Contain("Peakiness"));
    }

    [Test]
    [Category("Slow")]
    public void Json_gives_numbers_or_null()
    {
        using MadeUpSweep sweep = LongTailSweep.Create();
        JsonObject json = JsonNode.Parse(SweepReport.FromFolder(sweep.Path).ToJson().ToJsonString())!.AsObject();
        Assert.That(json["runs"]!.ToJsonString(), Is.EqualTo("""{"done":23,"failed":1,"unfinished":0,"missing":1}"""));
        JsonNode twin = Row(json, "twin"), focal = Row(json, "focal"), plain = Row(json, "plain");
        JsonObject difference = twin["difference"]!.AsObject();
        Assert.That(difference.Remove("spread", out JsonNode? spread), Is.True);
        Assert.That((double)spread!["variant"]!, Is.EqualTo((double)spread["baseline"]!).And.Positive);
        Assert.That((double)spread["p_holm"]!, Is.EqualTo(1));
        Assert.That(
            difference.ToJsonString(),
            Is.EqualTo("""{"to":"plain","pairs":5,"mean":0,"interval":null,"on_this_test_set":null,"p":1,"p_holm":1}"""));
        Assert.That((focal["runs"]!.GetValue<int>(), focal["failed"]!.GetValue<int>()), Is.EqualTo((4, 1)));
        Assert.That(focal["metric"]!["interval"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That(plain["difference"], Is.Null);
    }

    [Test]
    [Category("Slow")]
    public void The_page_is_one_file_and_nothing_in_it_comes_from_elsewhere()
    {
        using MadeUpSweep sweep = LongTailSweep.Create();
        Written(sweep);
        string html = sweep.Text("report.html");
        XElement page = XDocument.Parse(html).Root!;
        IEnumerable<string> sources = page.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "src" or "srcset" or "href")
            .Select(attribute => attribute.Value);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(html, Does.StartWith("<!DOCTYPE html>\n<html lang=\"en\">"));
            Assert.That(html, Has.Length.LessThan(3_000_000));
            Assert.That(sources, Is.Not.Empty.And.All.StartsWith("data:image/png;base64,"));
            Assert.That(page.Descendants("script"), Is.Empty);
            Assert.That(
                page.Descendants("style").Single().Value,
                Does.Not.Contain("url(").And.Not.Contain("@import").And.Not.Match("[<>&]"),
                "the last three would be escaped, and mean nothing to CSS");
            Assert.That(page.Descendants("img").All(image => image.Attribute("alt")!.Value.Length > 0));
            Assert.That(
                page.Descendants("table").All(table => table.Parent!.Attribute("class")?.Value == "wide"), "tables scroll in a box of their own");
            Assert.That(page.Descendants("h2").Select(heading => heading.Value), Is.EqualTo(new[]
            {
                "What differs", "Token error rate", "Exact match rate", "Loss", "Macro recall", "Recall of the rarest third",
                "Recall of the middle third",
                "Recall of the most frequent third", "What so many seeds can show", "What was read as what", "Errors by group",
                "The lines with the most errors", "Training", "Peakiness over training", "Recall by frequency",
                "The same utterance under each variant",
                "Runs without a result", "How to read this",
            }));
        }
    }

    [Test]
    public void Nothing_in_a_cause_becomes_a_mark_of_the_page()
    {
        const string cause = "<script>alert('1 & 2')</script> | *x* `y` \u0001 \"z\"";
        using var sweep = new MadeUpSweep();
        new RunFailure(cause).Write(sweep.Plan("plain", 1));
        Written(sweep);
        XElement page = XDocument.Parse(sweep.Text("report.html")).Root!;
        Assert.That(page.Descendants("script"), Is.Empty);
        Assert.That(page.Descendants("li").Single().Value, Is.EqualTo($"plain, seed 1: failed: {cause.Replace('\u0001', '\uFFFD')}"));
        Assert.That(sweep.Text("report.md"), Does.Contain(@"\<script\>alert('1 \& 2')\</script\> \| \*x\* \`y\`"));
    }

    [Test]
    public void No_control_character_and_no_change_of_direction_reaches_a_page()
    {
        using var sweep = new MadeUpSweep();
        new RunFailure("\u001b[31mred\u009b0m \u202Egnp.exe").Write(sweep.Plan("plain", 1));
        Written(sweep);
        Assert.That(sweep.Text("report.md"), Does.Contain(@"\\u001B\[31mred\\u009B0m \\u202Egnp.exe"));
        foreach (string page in new[] { sweep.Text("report.md"), sweep.Text("report.html") })
        {
            Assert.That(page.Where(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t')), Is.Empty);
            Assert.That(page, Does.Not.Contain("\u202E"));
        }
    }

    private static SweepReport Written(MadeUpSweep sweep)
    {
        SweepReport report = SweepReport.FromFolder(sweep.Path);
        report.Write();
        return report;
    }

    private static JsonNode Row(MadeUpSweep sweep, string label) => Row(SweepReport.FromFolder(sweep.Path).ToJson(), label);

    private static JsonNode Row(JsonObject report, string label) => report["metrics"]!["token_error_rate"]![label]!;
}
