using System.Text.Json.Nodes;
using Ctc.Comparisons.Reports;
using Ctc.Comparisons.Statistics;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Tests.Reports;

/// <summary>What a report says of a variant, in words.</summary>
public class ConclusionTests
{
    // Errors per 200 tokens. Differences of −2, −3, −2, −3, −2 errors: −1.2 points, and t(4) · 0.2739 / √5 = 0.34 around it.
    [Test]
    [Category("Slow")]
    public void A_difference_that_is_shown_is_said_with_its_size()
    {
        using MadeUpSweep sweep = Sweep([8, 9, 7, 8, 9], [6, 6, 5, 5, 7]);
        Assert.That(Words(sweep), Is.EqualTo("lower by 1.20 ± 0.34 points (better)"));
        Assert.That(Words(sweep, "exact_match_rate"), Is.EqualTo("higher by 12.0 ± 3.4 points (better)"));
        Assert.That(Words(sweep, "loss"), Is.EqualTo("lower by 0.180 ± 0.051 nats (better)"));
    }

    // The same total of errors under each seed, in fewer and fewer lines: the token error rate shows nothing, three other metrics do.
    [Test]
    [Category("Slow")]
    public void The_summary_names_the_other_metrics_that_show_a_difference()
    {
        using var sweep = new MadeUpSweep();
        for (int seed = 1; seed <= 5; seed++)
        {
            int lines = 8 + (seed % 2);
            Measurement spread = MadeUpSweep.WithErrors(lines);
            sweep.Finish("plain", seed, spread);
            int fewer = 3 + (seed % 3 / 2);
            UtteranceResult[] gathered =
            [
                MadeUpSweep.Line(0, wrong: true) with { Errors = lines - fewer + 1 },
                .. Enumerable.Range(1, 19).Select(u => MadeUpSweep.Line(u, wrong: u < fewer)),
            ];
            sweep.Finish("other", seed, Measurement.FromUtterances(gathered));
            sweep.Finish("twin", seed, spread);
        }

        Assert.That(SweepReport.FromFolder(sweep.Path).Summary, Is.EqualTo(new[]
        {
            "3 variants, 15 runs: 15 done. The token error rate, compared with plain:",
            $"other: no difference shown; but exact match rate {Words(sweep, "exact_match_rate")}, loss {Words(sweep, "loss")}, " +
                $"macro recall {Words(sweep, "macro_recall")}",
            "twin: no difference shown",
        }));
        Assert.That(Words(sweep, "exact_match_rate"), Does.StartWith("higher by ").And.EndWith(" points (better)"));
        Assert.That(Words(sweep, "loss"), Does.StartWith("lower by ").And.EndWith(" nats (better)"));
    }

    [Test]
    [Category("Slow")]
    public void The_summary_names_the_other_differences_beside_a_headline_that_is_shown()
    {
        using MadeUpSweep sweep = Sweep([8, 9, 7, 8, 9], [6, 6, 5, 5, 7]);
        Assert.That(
            SweepReport.FromFolder(sweep.Path).Summary[1],
            Is.EqualTo(
                $"other: {Words(sweep)}; also exact match rate {Words(sweep, "exact_match_rate")}, loss {Words(sweep, "loss")}, " +
                $"macro recall {Words(sweep, "macro_recall")}"));
    }

    // Errors of 6, 10, 7, 7, 9 against 8, 9, 7, 8, 9: their differences deviate by √1.3 errors of 200 tokens.
    [Test]
    public void Where_no_difference_is_shown_the_summary_has_what_so_many_seeds_can_show()
    {
        using MadeUpSweep sweep = Sweep([8, 9, 7, 8, 9], [6, 10, 7, 7, 9]);
        SweepReport report = SweepReport.FromFolder(sweep.Path);
        double deviation = Math.Sqrt(1.3) / 200;
        JsonNode seeds = report.ToJson()["seeds"]!["other"]!;
        Assert.That((double)seeds["smallest_shown"]!, Is.EqualTo(deviation * PairedTestPower.FindSmallestEffect(5, 0.05)).Within(1e-9));
        Assert.That((int)seeds["needed"]!, Is.EqualTo(PairedTestPower.FindPairs(0.4 / Math.Sqrt(1.3), 0.05)));
        string points = (100 * (double)seeds["smallest_shown"]!).ToString("f2", System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(report.Summary[1], Is.EqualTo($"other: no difference shown (5 seeds can show {points} points)"));
    }

    // The same mean, and three errors more or less where the baseline has at most one.
    [Test]
    [Category("Slow")]
    public void A_spread_over_the_seeds_that_differs_is_named()
    {
        using MadeUpSweep sweep = Sweep([8, 9, 8, 8, 9, 8], [4, 13, 3, 12, 14, 5]);
        Assert.That(
            SweepReport.FromFolder(sweep.Path).Summary[1], Does.Contain("; but spread over seeds larger (2.5 against 0.26 points)"));
    }

    [Test]
    public void A_variant_may_be_worse() => Says([6, 6, 5, 5, 7], [8, 9, 7, 8, 9], "higher by 1.20 ± 0.34 points (worse)");

    [Test]
    public void A_difference_that_chance_explains_is_not_shown() => Says([8, 9, 7, 8, 9], [6, 10, 7, 7, 9], "no difference shown");

    [Test]
    public void The_same_results_are_no_difference() => Says([8, 9, 7, 8, 9], [8, 9, 7, 8, 9], "no difference shown");

    [Test]
    public void The_same_difference_under_every_seed_is_not_tested() =>
        Says([8, 9, 7], [7, 8, 6], "not tested: the difference is the same under every seed");

    [Test]
    public void One_seed_says_nothing_of_seeds() => Says([8], [2], "seeds were not varied");

    [Test]
    public void Only_seeds_that_both_have_are_compared()
    {
        using MadeUpSweep sweep = Sweep([8, 9, 7, 8, 9], [6, 6, 5, 5, 7]);
        sweep.Finish("plain", 6, MadeUpSweep.WithErrors(19));
        sweep.Finish("other", 7, MadeUpSweep.WithErrors(0));
        JsonNode row = Row(sweep);
        Assert.That(row["words"]!.GetValue<string>(), Is.EqualTo("lower by 1.20 ± 0.34 points (better)"));
        Assert.That((row["runs"]!.GetValue<int>(), row["difference"]!["pairs"]!.GetValue<int>()), Is.EqualTo((6, 5)));
    }

    [Test]
    public void Seeds_that_nobody_shares_are_not_compared()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4));
        sweep.Finish("other", 2, MadeUpSweep.WithErrors(4));
        Assert.That(Words(sweep), Is.EqualTo("not compared: there is no seed that the baseline has too"));
    }

    [Test]
    public void Another_test_set_is_not_compared()
    {
        using var sweep = new MadeUpSweep();
        for (int seed = 1; seed <= 2; seed++)
        {
            sweep.Finish("plain", seed, MadeUpSweep.WithErrors(seed));
            sweep.Finish("other", seed, MadeUpSweep.WithErrors(seed + 1, utterances: 21));
        }

        Assert.That(Words(sweep), Is.EqualTo("not compared: its test set is not that of the baseline"));
        Assert.That(Row(sweep)["metric"]!["on_this_test_set"], Is.Not.Null, "its own mean is as good as any");
        Assert.That(Row(sweep)["difference"], Is.Null);
    }

    [Test]
    [Category("Slow")]
    public void Losses_under_different_topologies_are_not_compared_and_the_rest_is()
    {
        using var sweep = new MadeUpSweep();
        for (int seed = 1; seed <= 3; seed++)
        {
            sweep.Finish("plain", seed, MadeUpSweep.WithErrors(seed), Under("ctc"), epochs: 2);
            sweep.Finish("other", seed, MadeUpSweep.WithErrors(seed + 1 + (seed % 2)), Under("no-blank"));
        }

        const string why = "not compared: its topology is no-blank, the baseline's ctc, and p(target) sums over other alignments under each";
        Assert.That(Words(sweep, "loss"), Is.EqualTo(why));
        Assert.That(Row(sweep, "loss")["difference"], Is.Null);
        Assert.That(Row(sweep, "loss")["metric"]!["mean"], Is.Not.Null, "its own mean is as good as any");
        Assert.That(Row(sweep, "token_error_rate")["difference"], Is.Not.Null);
        SweepReport.FromFolder(sweep.Path).Write();
        Assert.That(sweep.Text("report.md"), Does.Contain(why).And.Contain("Losses under different topologies are not comparable."));

        static JsonObject Under(string topology) => new() { ["objective"] = new JsonObject { ["topology"] = topology } };
    }

    [Test]
    [Category("Slow")]
    public void Losses_under_a_topology_that_adds_other_tokens_are_not_compared()
    {
        using var sweep = new MadeUpSweep();
        for (int seed = 1; seed <= 3; seed++)
        {
            sweep.Finish("plain", seed, MadeUpSweep.WithErrors(seed + 1) with { AddedTokens = ["ab", "cd"] }, epochs: 2);
            sweep.Finish("other", seed, MadeUpSweep.WithErrors(seed) with { AddedTokens = ["ab"] });
            sweep.Finish("same", seed, MadeUpSweep.WithErrors(seed) with { AddedTokens = ["ab", "cd"] });
        }

        const string why = "not compared: its topology adds other tokens than the baseline's, and p(target) sums over other alignments with them";
        Assert.That(Words(sweep, "loss"), Is.EqualTo(why));
        Assert.That(Words(sweep), Does.Not.StartWith("not compared"), "the other metrics are compared");
        SweepReport.FromFolder(sweep.Path).Write();
        string page = sweep.Text("report.md");
        Assert.That(page, Does.Contain("Losses under a topology with different added tokens are not comparable."));
        Assert.That(page.Split(why), Has.Length.EqualTo(2), "of one variant");
    }

    [Test]
    public void Losses_over_different_utterances_are_not_compared()
    {
        using var sweep = new MadeUpSweep();
        for (int seed = 1; seed <= 3; seed++)
        {
            Measurement all = MadeUpSweep.WithErrors(seed + 1);
            sweep.Finish("plain", seed, all);
            sweep.Finish("other", seed, Measurement.FromUtterances([all.Utterances[0] with { Loss = null }, .. all.Utterances.Skip(1)]));
        }

        Assert.That(
            Words(sweep, "loss"),
            Is.EqualTo("not compared: the targets that have no alignment, which the loss leaves out, are others than the baseline's"));
    }

    [Test]
    public void A_baseline_without_result_is_not_compared_with()
    {
        using var sweep = new MadeUpSweep();
        new RunFailure("It broke.").Write(sweep.Begin("plain", 1));
        sweep.Finish("other", 1, MadeUpSweep.WithErrors(4));
        Assert.That(Words(sweep), Is.EqualTo("not compared: the baseline has no result"));
    }

    [Test]
    public void A_variant_without_result_says_so()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4));
        sweep.Plan("other", 1);
        Assert.That(Words(sweep), Is.EqualTo("no result"));
    }

    // Alone, p = 0.0006 would be shown; each further variant on the list costs, whether it has run or not.
    [Test]
    [Category("Slow")]
    public void The_p_value_is_corrected_for_all_variants_of_the_sweep()
    {
        using MadeUpSweep sweep = Sweep([8, 9, 7, 8, 9], [6, 6, 5, 5, 7]);
        double alone = Row(sweep)["difference"]!["p_holm"]!.GetValue<double>();
        for (int further = 0; further < 99; further++) sweep.Plan($"further-{further}", 1);
        JsonNode difference = Row(sweep)["difference"]!;
        Assert.That(difference["p"]!.GetValue<double>(), Is.EqualTo(alone));
        Assert.That(difference["p_holm"]!.GetValue<double>(), Is.EqualTo(100 * alone).Within(1e-12));
        Assert.That(Words(sweep), Is.EqualTo("no difference shown"));
    }

    private static void Says(int[] plain, int[] other, string words)
    {
        using MadeUpSweep sweep = Sweep(plain, other);
        Assert.That(Words(sweep), Is.EqualTo(words));
    }

    private static MadeUpSweep Sweep(int[] plain, int[] other)
    {
        var sweep = new MadeUpSweep();
        for (int i = 0; i < plain.Length; i++)
        {
            sweep.Finish("plain", i + 1, MadeUpSweep.WithErrors(plain[i]));
            sweep.Finish("other", i + 1, MadeUpSweep.WithErrors(other[i]));
        }

        return sweep;
    }

    private static string Words(MadeUpSweep sweep, string metric = "token_error_rate") => Row(sweep, metric)["words"]!.GetValue<string>();

    private static JsonNode Row(MadeUpSweep sweep, string metric = "token_error_rate") =>
        SweepReport.FromFolder(sweep.Path).ToJson()["metrics"]![metric]!["other"]!;
}
