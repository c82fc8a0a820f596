using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary>Parts that end the process, leave a thread or change the current folder; and a sweep that continues past such runs.</summary>
[Category("Slow"), Parallelizable] // with others that only start processes: see CtcInProcess
public class UnrulyPartTests
{
    [Test]
    public void A_part_that_leaves_a_thread_and_the_folder_keeps_neither_the_command_nor_the_run()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "wandering");
        CommandOutput run = CtcCommand.RunIn(folder.Path, "run", "x.yaml", "--output", "run");

        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain($"Run folder: run{Environment.NewLine}"));
        Assert.That(folder.In("run", "evaluation.json"), Does.Exist);
        Assert.That(folder.In("run", "alignment.png"), Does.Exist);
    }

    [Test]
    public void A_part_that_ends_the_process_is_no_success()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "exit");
        CommandOutput run = CtcCommand.RunIn(folder.Path, "run", "x.yaml", "--output", "run");

        Assert.That(
            (run.ExitCode, run.Error),
            Is.EqualTo((1, "ctc: a part ended the process before the command was done; expected it to return or to throw.\n")));
    }

    [Test]
    public void A_sweep_goes_on_past_a_run_that_ends_without_a_result_and_past_a_damaged_one()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "exit");
        CommandOutput first = CtcCommand.RunIn(folder.Path, "sweep", "x.yaml", "--output", "sweep");
        JsonArray runs = JsonNode.Parse(File.ReadAllText(folder.In("sweep", "sweep.json")))!["runs"]!.AsArray();
        string plain = folder.In("sweep", Folder(runs, "plain")), late = folder.In("sweep", Folder(runs, "unruly"));
        string report = File.ReadAllText(folder.In("sweep", "results.csv"));
        File.WriteAllText(Path.Combine(plain, "evaluation.json"), "{");
        File.WriteAllText(Path.Combine(late, "failure.json"), "?");
        CommandOutput second = CtcCommand.RunIn(folder.Path, "sweep", "x.yaml", "--output", "sweep");

        using (Assert.EnterMultipleScope())
        {
            const string cause = "failed: The process of the run ended with exit code 0 and left no result; a part may have ended it.\n";
            Assert.That((first.ExitCode, first.Error), Is.EqualTo((1, "")));
            Assert.That(first.Output, Does.Contain($"unruly, seed 1, {cause}").And.Contain("1 of 2 runs are done, 1 failed"));
            Assert.That(report, Does.Contain("plain,1,done,").And.Contain("unruly,1,failed,"));

            Assert.That(second.ExitCode, Is.EqualTo(1));
            Assert.That(second.Output, Does.StartWith("2 runs, 1 of them to be run.\n"), "nothing finished is discarded");
            Assert.That(second.Output, Does.Contain($"unruly, seed 1, {cause}").And.Contain("0 of 2 runs are done, 2 failed"));
            Assert.That(second.Output, Does.Match("plain, seed 1, failed: .*evaluation.json: .*; expected the result of a run.\n"));
            Assert.That(second.Error, Does.Match("^ctc: there is no report: .*evaluation.json: .*; expected the result of a run.\n$"));
        }
    }

    private static string Folder(JsonArray runs, string variant) =>
        runs.Single(run => run!["variant"]!.GetValue<string>() == variant)!["folder"]!.GetValue<string>();

    private static void Write(TemporaryFolder folder, string part) => File.WriteAllText(folder.In("x.yaml"), $$"""
        name: x
        data: { source: drawn-lines, symbols: abc, train-lines: 8, dev-lines: 2, test-lines: 2, min-symbols: 1, max-symbols: 2 }
        model: { encoder: conv, layers: 1, hidden: 8 }
        objective: { weighting: [{{part}}] }
        train: { epochs: 1, batch-size: 8 }
        plugins: [ '{{Path.Combine(TestContext.CurrentContext.TestDirectory, "zoo", "Crashing")}}' ]
        sweep: { baseline: plain, variants: { plain: { objective: { weighting: [] } }, unruly: {} } }
        """);
}
