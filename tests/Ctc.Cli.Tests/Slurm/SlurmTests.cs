using System.Diagnostics;
using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Slurm;

/// <summary>
/// <c>ctc sweep --launcher slurm</c> on a real Slurm of one node, which tests/Slurm/node.sh starts: SLURM_CONF names its configuration.
/// </summary>
[Category("Slurm"), Explicit("needs a Slurm")]
public class SlurmTests
{
    private const string Waited = "PENDING,RUNNING,COMPLETING,SUSPENDED";

    private static readonly Dictionary<string, string> None = [];

    private readonly TemporaryFolder folder = new();

    [OneTimeSetUp]
    public void Find()
    {
        if (Environment.GetEnvironmentVariable("SLURM_CONF") is null) Assert.Ignore("SLURM_CONF is not set: tests/Slurm/node.sh starts a Slurm.");
    }

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void Eight_runs_through_an_array_equal_those_of_this_machine()
    {
        string config = Write("eight.yaml", epochs: 2, "seeds: [1, 2, 3, 4], variants: { plain: { objective: { weighting: [] } }, focal: {} }");
        CommandOutput local = CtcCommand.Run("sweep", config, "--output", folder.In("local"), "--jobs", "2");
        CommandOutput slurm = CtcCommand.Run("sweep", config, "--output", folder.In("slurm"), "--launcher", "slurm");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((local.ExitCode, slurm.ExitCode, slurm.Error), Is.EqualTo((0, 0, "")));
            Assert.That(slurm.Output, Does.Contain("8 runs are submitted to slurm as job ").And.Contain("8 of 8 runs are done."));
            Assert.That(File.ReadAllBytes(folder.In("slurm", "results.csv")), Is.EqualTo(File.ReadAllBytes(folder.In("local", "results.csv"))));
            Assert.That(Jobs("slurm").Single()!["runs"]!.AsArray(), Has.Count.EqualTo(8));
        }
    }

    // The run plain is on the machine when that is lost, and then reaches its time limit: its epochs take half a second each.
    [Test]
    public void Cancelled_failed_lost_and_at_its_limit_each_run_ends_exactly_once()
    {
        const int epochs = 120;
        string plugin = Path.Combine(TestContext.CurrentContext.TestDirectory, "slurm-plugins", "Pausing", "Pausing.dll");
        string config = Write(
            "hard.yaml",
            epochs,
            $$"""
            seeds: [1], launcher: { slurm: { time: 1, notice: 10 } }, variants: { plain: {},
              wild: { train: { optimizer: sgd, learning-rate: 1e30, clip-norm: 0 } }, cancelled: { train: { epochs: 100000 } } }
            """);
        string[] slow = ["data.train-lines=8", "objective.weighting=[pause]"];
        using Process alone = CtcCommand.Start(None, ["run", config, "--output", folder.In("alone"), $"plugins=['{plugin}']", .. slow]);
        using Process sweep = CtcCommand.Start(None, ["sweep", config, "--output", folder.In("hard"), $"plugins=['{plugin}']", .. slow]);
        Task<string> output = sweep.StandardOutput.ReadToEndAsync();
        _ = alone.StandardOutput.ReadToEndAsync();
        string job = "";
        try
        {
            Wait(() => File.Exists(folder.In("hard", "jobs.json")));
            job = Jobs("hard").Single()!["job"]!.GetValue<string>();
            Wait(() => Epochs("cancelled").Length > 0);
            Call("scancel", $"{job}_2");
            Wait(() => Epochs("plain").Length > 0);
            Node("lose");
            Wait(() => Call("sinfo", "--noheader", "--format=%T").StartsWith("down", StringComparison.Ordinal));
            Node("back");
            Wait(() => sweep.HasExited && alone.HasExited);
        }
        finally
        {
            if (job.Length > 0) Call("scancel", job);
            OtherProcess.Kill(sweep.Id);
            OtherProcess.Kill(alone.Id);
        }

        string log = File.ReadAllText(folder.In("hard", "jobs", "1", "0.log"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sweep.ExitCode, Is.EqualTo(1));
            Assert.That(output.Result, Does.Contain("wild, seed 1, failed: The loss of the dev set after epoch 1 is NaN; expected a finite number."));
            Assert.That(output.Result, Does.Contain($"cancelled, seed 1, failed: Job {job}_2 of Slurm was cancelled."));
            Assert.That(output.Result, Does.Contain("1 of 3 runs are done, 2 failed; the same command tries them again."));
            Assert.That(File.ReadAllText(folder.In("hard", "results.csv")), Does.Match("cancelled,1,failed,").And.Match("wild,1,failed,"));
            Assert.That(Epochs("plain"), Is.EqualTo(Enumerable.Range(1, epochs)), "each epoch once");
            Assert.That(log, Does.Contain("The time limit is near; the run goes on after its last finished epoch."));
            Assert.That(WithoutTimes(Run("plain")), Is.EqualTo(WithoutTimes(folder.In("alone"))));
            Assert.That(Jobs("hard"), Has.Count.EqualTo(1), "Slurm queued what was lost again");
        }
    }

    [Test]
    public void An_interrupted_sweep_leaves_its_jobs_which_the_same_command_follows_or_ends()
    {
        string config = Write("long.yaml", epochs: 100_000, "seeds: [1], variants: { plain: {} }, launcher: slurm");
        for (int i = 0; i < 2; i++)
        {
            using Process sweep = CtcCommand.Start(None, "sweep", config, "--output", folder.In("long"));
            string first = sweep.StandardOutput.ReadLine() + sweep.StandardOutput.ReadLine();
            Wait(() => File.Exists(folder.In("long", "jobs.json")));
            OtherProcess.RequestEnd(sweep.Id);
            string error = sweep.StandardError.ReadToEnd();
            sweep.WaitForExit();
            Assert.That(first, Does.Contain(i == 0 ? "1 run is submitted to slurm as job " : "Jobs of slurm are followed: "));
            Assert.That(
                (sweep.ExitCode, error),
                Is.EqualTo((1, "ctc: the jobs go on; the same command follows them again, and with --cancel it ends them.\n")));
        }

        string job = Jobs("long").Single()!["job"]!.GetValue<string>();
        Assert.That(Active(job), Is.Not.Empty);
        CommandOutput ended = CtcCommand.Run("sweep", config, "--output", folder.In("long"), "--cancel");
        Assert.That((ended.ExitCode, ended.Output, ended.Error), Is.EqualTo((0, $"Jobs of slurm are ended: {job}.\n", "")));
        Wait(() => Active(job).Length == 0);
        Assert.That(Jobs("long"), Is.Empty);
    }

    private string Write(string name, int epochs, string sweep)
    {
        File.WriteAllText(folder.In(name), $$"""
            name: {{Path.GetFileNameWithoutExtension(name)}}
            data: { source: digit-lines, file: '{{CtcCommand.Repository}}/data/digits/digits.csv.gz',
                        train-lines: 40, dev-lines: 10, test-lines: 20, min-digits: 1, max-digits: 3 }
            model: { encoder: bilstm, hidden: 8, filters: 8 }
            objective: { weighting: [{ focal: { alpha: 1, gamma: 0.5 } }] }
            train: { epochs: {{epochs}}, batch-size: 8, learning-rate: 1e-2 }
            sweep: { baseline: plain, {{sweep}} }
            """);
        return folder.In(name);
    }

    private JsonArray Jobs(string sweep) => JsonNode.Parse(File.ReadAllText(folder.In(sweep, "jobs.json")))!["jobs"]!.AsArray();

    private string Run(string variant)
    {
        JsonArray runs = JsonNode.Parse(File.ReadAllText(folder.In("hard", "sweep.json")))!["runs"]!.AsArray();
        return folder.In("hard", runs.Single(run => run!["variant"]!.GetValue<string>() == variant)!["folder"]!.GetValue<string>());
    }

    private int[] Epochs(string variant)
    {
        string metrics = Path.Combine(Run(variant), "metrics.jsonl");
        return !File.Exists(metrics) ? [] : [.. File.ReadLines(metrics).Select(line => JsonNode.Parse(line)!["epoch"]!.GetValue<int>())];
    }

    private static string WithoutTimes(string run)
    {
        JsonObject evaluation = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "evaluation.json")))!.AsObject();
        evaluation.Remove("seconds");
        evaluation.Remove("peak_memory_mb");
        return evaluation.ToJsonString();
    }

    private static string Active(string job) => Call("squeue", "--noheader", "--array", $"--states={Waited}", $"--jobs={job}", "--format=%i");

    private static void Node(string command) => Call(
        Path.Combine(CtcCommand.Repository, "tests", "Slurm", "node.sh"), command,
        Path.GetDirectoryName(Environment.GetEnvironmentVariable("SLURM_CONF"))!);

    private static string Call(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, program);
        return output;
    }

    private static void Wait(Func<bool> condition) => Assert.That(condition, Is.True.After(200_000, 200));
}
