using Ctc.Comparisons.Reports;
using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Tests.Reports;

/// <summary>results.csv and timing.csv, as other programs read them.</summary>
public class ResultFilesTests
{
    [Test]
    public void A_row_for_each_run_by_variant_grid_and_seed_numbers_before_words()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("smooth", 10, MadeUpSweep.WithErrors(1), grid: [("a.epsilon", 0.1)]);
        sweep.Finish("smooth", 2, MadeUpSweep.WithErrors(2), grid: [("a.epsilon", 0.1)]);
        sweep.Finish("smooth", 2, MadeUpSweep.WithErrors(3), grid: [("a.epsilon", 0.02)]);
        sweep.Plan("smooth", 2, ("a.epsilon", "a, \"b\""));
        sweep.Begin("smooth", 3, grid: [("a.epsilon", 0.02)]);
        new RunFailure("/somewhere/else is not there, alas.").Write(sweep.Begin("plain", 2));
        sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4));
        SweepReport.FromFolder(sweep.Path).Write();

        const string rows = """"
            variant,a.epsilon,seed,status,utterances,token_error_rate,exact_match_rate,loss,macro_recall
            plain,,1,done,20,0.02,0.8,0.8,0.98
            plain,,2,failed,,,,,
            smooth,0.02,2,done,20,0.015,0.85,0.725,0.985
            smooth,0.02,3,unfinished,,,,,
            smooth,0.1,2,done,20,0.01,0.9,0.65,0.99
            smooth,0.1,10,done,20,0.005,0.95,0.575,0.995
            smooth,"a, ""b""",2,missing,,,,,

            """";
        Assert.That(sweep.Text("results.csv"), Is.EqualTo(rows.ReplaceLineEndings("\r\n")));
        Assert.That(sweep.Text("timing.csv").Split("\r\n"), Is.EqualTo(new[]
        {
            "variant,a.epsilon,seed,seconds", "plain,,1,11", "plain,,2,", "smooth,0.02,2,12", "smooth,0.02,3,",
            "smooth,0.1,2,12", "smooth,0.1,10,20", "smooth,\"a, \"\"b\"\"\",2,", "",
        }));
    }

    [Test]
    public void A_text_that_a_spreadsheet_would_compute_has_an_apostrophe_and_control_characters_are_shown()
    {
        using var sweep = new MadeUpSweep();
        sweep.Plan("plain", 1, ("a.text", "+base"));
        sweep.Plan("plain", 2, ("a.text", "-1"));
        sweep.Plan("plain", 3, ("a.text", "@a\u001b[31m"));
        sweep.Plan("plain", 4, ("a.text", "=HYPERLINK(\"x\",1)"));
        SweepReport.FromFolder(sweep.Path).Write();
        Assert.That(
            sweep.Text("timing.csv").Split("\r\n"),
            Is.EquivalentTo(new[]
            {
                "variant,a.text,seed,seconds", "plain,'+base,1,", "plain,-1,2,", "plain,'@a\\u001B[31m,3,", "plain,\"'=HYPERLINK(\"\"x\"\",1)\",4,", "",
            }));
    }

    [Test]
    [Category("Slow")]
    public void The_numbers_are_those_of_the_runs_to_the_last_digit()
    {
        using MadeUpSweep sweep = LongTailSweep.Create();
        SweepReport.FromFolder(sweep.Path).Write();
        string[] rows = sweep.Text("results.csv").Split("\r\n");
        string[] first = rows.Single(row => row.StartsWith("plain,,1,", StringComparison.Ordinal)).Split(',');
        var test = RunResult.Load(sweep.In("plain-1")).Test;
        double[] expected = [test.TokenErrorRate, test.ExactMatchRate, test.Loss, test.PerToken.Values.Average(symbol => symbol.Recall)];
        Assert.That(first[5..9].Select(double.Parse), Is.EqualTo(expected).Within(1e-15));
        Assert.That(first[5..8].Select(double.Parse), Is.EqualTo(new[] { test.TokenErrorRate, test.ExactMatchRate, test.Loss }));

        // Ten symbols, the highest digits the rarest in training: thirds of 3, 3 and 4.
        double Recall(string symbols) => symbols.Average(symbol => test.PerToken[$"{symbol}"].Recall);
        Assert.That(first[9..].Select(double.Parse), Is.EqualTo(new[] { Recall("987"), Recall("654"), Recall("3210") }).Within(1e-15));
    }

    [Test]
    [Category("Slow")]
    public void Equal_results_give_equal_bytes_wherever_they_lie_and_however_long_they_took()
    {
        using MadeUpSweep one = LongTailSweep.Create(), other = LongTailSweep.Create();
        string slow = other.In("plain-1", "evaluation.json");
        File.WriteAllText(slow, File.ReadAllText(slow).Replace("\"seconds\": 11", "\"seconds\": 99"));
        SweepReport.FromFolder(one.Path).Write();
        SweepReport.FromFolder(other.Path).Write();
        foreach (string file in new[] { "results.csv", "report.md", "report.html" })
        {
            Assert.That(File.ReadAllBytes(other.In(file)), Is.EqualTo(File.ReadAllBytes(one.In(file))), file);
        }

        Assert.That(other.Text("timing.csv"), Is.Not.EqualTo(one.Text("timing.csv")));
        string[] files = ["sweep.json", "results.csv", "timing.csv", "report.md", "report.html"];
        Assert.That(Directory.EnumerateFiles(one.Path).Select(Path.GetFileName), Is.EquivalentTo(files));
    }
}
