using System.Diagnostics;
using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

[Category("Slow")]
public class SweepTests
{
    private const int TwoVariantsTwoSeeds = 4;

    private readonly TemporaryFolder folder = new();
    private readonly Lazy<FinishedSweep> finished;

    public SweepTests() => finished = new(Finish);

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void Runs_every_variant_and_seed_once_and_then_nothing_is_missing()
    {
        (string config, string output, CommandOutput planned, bool wrote, CommandOutput first) = finished.Value;
        CommandOutput again = CtcInProcess.Run("sweep", config, "--output", output);
        CommandOutput changed = CtcInProcess.Run("sweep", config, "--output", output, "--dry-run", "train.epochs=3");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((planned.ExitCode, planned.Error, wrote), Is.EqualTo((0, "", false)));
            Assert.That(planned.Output, Does.Match("plain +seed 1 +[0-9a-f]{12}  to be run\n").And.Contain("4 runs, 4 of them to be run."));
            Assert.That((first.ExitCode, first.Error), Is.EqualTo((0, "")));
            Assert.That(
                first.Output, Does.Match(@"\[4/4\] \S+, seed \d: done in \d+ s, token error rate \d+\.\d\d %").And.Contain("4 of 4 runs are done."));
            Assert.That(first.Output, Does.Not.Contain("\u001b"), "control codes");
            Assert.That(again.ExitCode, Is.Zero);
            Assert.That(again.Output, Does.StartWith("4 runs, 0 of them to be run.\n"));
            Assert.That(
                changed.Output,
                Does.Contain("Stale and left alone, since the configuration changed (train.epochs 2 → 3): plain, seed 1, 2; focal, seed 1, 2."));
            Assert.That(Finished(output), Is.EqualTo(TwoVariantsTwoSeeds));
        }
    }

    [Test]
    public void A_run_of_a_sweep_gives_the_numbers_of_a_run_by_itself()
    {
        (string config, string output, _, _, _) = finished.Value;
        CtcInProcess.Run("run", config, "seed=2", "--output", folder.In("alone")); // the variant focal changes nothing

        JsonNode record = JsonNode.Parse(File.ReadAllText(Path.Combine(output, "sweep.json")))!["runs"]!.AsArray()
            .Single(run => run!["variant"]!.GetValue<string>() == "focal" && run["seed"]!.GetValue<long>() == 2)!;
        Assert.That(WithoutTimes(Path.Combine(output, record["folder"]!.GetValue<string>())), Is.EqualTo(WithoutTimes(folder.In("alone"))));
    }

    [Test]
    public void A_failure_is_named_and_the_others_go_on_unless_told_otherwise()
    {
        string config = Write("failing.yaml", Sweep(epochs: 1, seeds: "1").Replace(
            "variants: { plain:",
            "variants: { wild: { train: { optimizer: sgd, learning-rate: 1e30, clip-norm: 0 } }, plain:",
            StringComparison.Ordinal));
        CommandOutput all = CtcCommand.Run("sweep", config, "--output", folder.In("failing"));
        CommandOutput fast = CtcCommand.Run("sweep", config, "--output", folder.In("fast"), "--fail-fast");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(all.ExitCode, Is.EqualTo(1));
            Assert.That(
                all.Output,
                Does.Match(@"wild, seed 1, failed: The (loss|gradient's norm) of step \d+, in epoch 1, is \S+; expected a finite number").And.Contain(
                    "2 of 3 runs are done, 1 failed; the same command tries them again."));
            Assert.That((fast.ExitCode, Finished(folder.In("fast"))), Is.EqualTo((1, 0)));
        }
    }

    [Test]
    public void A_second_sweep_on_the_same_folder_is_refused_and_a_request_to_end_leaves_no_process()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("There are no such signals here.");
        string config = Write("long.yaml", Sweep(epochs: 500)), output = folder.In("long");
        using Process sweep = CtcCommand.Start(new Dictionary<string, string>(), "sweep", config, "--output", output, "--jobs", "2");
        Wait(() => Checkpoints(output) == 2);
        CommandOutput second = CtcInProcess.Run("sweep", config, "--output", output);
        int[] children = OtherProcess.Children(sweep.Id);
        OtherProcess.RequestEnd(sweep.Id);
        string error = sweep.StandardError.ReadToEnd();
        sweep.WaitForExit();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((second.ExitCode, second.Error), Is.EqualTo((2, $"ctc: {output} is held by another process; expected it to have ended.\n")));
            Assert.That((sweep.ExitCode, error), Is.EqualTo((1, "ctc: interrupted; the same command resumes after the last finished epoch.\n")));
            Assert.That(children, Has.Length.EqualTo(2));
            Assert.That(children.Where(OtherProcess.Lives), Is.Empty);
        }
    }

    // Reduced: the sweep is killed once and one of its two runs once. The category Long does it twenty times, with four runs.
    [Test]
    public void A_sweep_and_its_runs_killed_at_any_moment_end_as_if_they_had_not_been() => KillAndCompare(kills: 2, epochs: 6, seeds: "1");

    [Test, Category("Long"), Explicit("minutes")]
    public void Twenty_kills_change_nothing() => KillAndCompare(kills: 20, epochs: 150, seeds: "1, 2");

    private FinishedSweep Finish()
    {
        string config = Write("plain.yaml", Sweep(epochs: 2)), output = folder.In("plain");
        CommandOutput planned = CtcInProcess.Run("sweep", config, "--output", output, "--dry-run");
        bool wrote = Directory.Exists(output);
        return new FinishedSweep(config, output, planned, wrote, CtcCommand.Run("sweep", config, "--output", output, "--jobs", "2"));
    }

    private void KillAndCompare(int kills, int epochs, string seeds)
    {
        string config = Write($"kill-{kills}.yaml", Sweep(epochs, seeds));
        string whole = folder.In($"whole-{kills}"), cut = folder.In($"cut-{kills}");
        CtcCommand.Run("sweep", config, "--output", whole, "--jobs", "2");
        var random = new Random(1);
        for (int i = 0; i < kills; i++)
        {
            using Process sweep = CtcCommand.Start(new Dictionary<string, string>(), "sweep", config, "--output", cut, "--jobs", "2");
            Wait(() => OtherProcess.Children(sweep.Id).Length > 0);
            Thread.Sleep(random.Next(4000));
            int[] children = OtherProcess.Children(sweep.Id);
            if (i % 2 == 1 && children.Length > 0)
            {
                OtherProcess.Kill(children[random.Next(children.Length)]);
                Thread.Sleep(random.Next(1000));
            }

            OtherProcess.Kill(sweep.Id);
            sweep.WaitForExit();
            Wait(() => !children.Any(OtherProcess.Lives));
        }

        CommandOutput last = CtcCommand.Run("sweep", config, "--output", cut, "--jobs", "2");
        Assert.That((last.ExitCode, last.Error), Is.EqualTo((0, "")));
        Assert.That(
            File.ReadAllText(Path.Combine(cut, "results.csv")), Is.EqualTo(File.ReadAllText(Path.Combine(whole, "results.csv"))).And.Contain("done"));
    }

    private string Write(string name, string text)
    {
        string path = folder.In(name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Sweep(int epochs, string seeds = "1, 2") => $$"""
        name: sweep
        data: { source: digit-lines, file: '{{CtcCommand.Repository}}/data/digits/digits.csv.gz',
                    train-lines: 40, dev-lines: 10, test-lines: 20, min-digits: 1, max-digits: 3 }
        model: { encoder: bilstm, hidden: 8, filters: 8 }
        objective: { weighting: [{ focal: { alpha: 1, gamma: 0.5 } }] }
        train: { epochs: {{epochs}}, batch-size: 8, learning-rate: 1e-2 }
        sweep: { baseline: plain, seeds: [{{seeds}}], variants: { plain: { objective: { weighting: [] } }, focal: {} } }
        """;

    private static int Finished(string output) =>
        Directory.Exists(output) ? Directory.GetFiles(output, "evaluation.json", SearchOption.AllDirectories).Length : 0;

    private static int Checkpoints(string output) =>
        Directory.Exists(output) ? Directory.GetFiles(output, "last.ckpt", SearchOption.AllDirectories).Length : 0;

    private static string WithoutTimes(string run)
    {
        JsonObject evaluation = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "evaluation.json")))!.AsObject();
        evaluation.Remove("seconds");
        evaluation.Remove("peak_memory_mb");
        return evaluation.ToJsonString();
    }

    private static void Wait(Func<bool> condition) => Assert.That(condition, Is.True.After(60_000, 20));

    /// <summary>A sweep shared by two tests: its dry run, whether the dry run wrote any file, and the sweep itself.</summary>
    private sealed record FinishedSweep(string Config, string Output, CommandOutput Planned, bool Wrote, CommandOutput First);
}
