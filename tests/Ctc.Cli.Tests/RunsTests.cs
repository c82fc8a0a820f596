using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

public class RunsTests
{
    private const string Epoch =
        """{"epoch":3,"train_loss":1,"dev_loss":1,"dev_token_error_rate":0.125,"gradient_norm":1,"infeasible":0,"seconds":1}""";

    private TemporaryFolder folder = new();

    [SetUp]
    public void Empty()
    {
        folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.In("runs", "plain"));
        File.WriteAllText(folder.In("runs", "plain", "run.json"), new string(' ', 1_250_000 - Epoch.Length));
        File.WriteAllText(folder.In("runs", "plain", "metrics.jsonl"), Epoch);
    }

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void A_run_is_a_line()
    {
        CommandOutput listed = CtcInProcess.Run("runs", folder.In("runs"));
        string name = Path.GetRelativePath(CtcCommand.Repository, folder.In("runs", "plain"));
        Assert.That((listed.ExitCode, listed.Error), Is.EqualTo((0, "")));
        Assert.That(listed.Output, Is.EqualTo($"{name}  unfinished     1 epoch        1.2 MB  token error rate 12.50 % on dev\n1 run, 1.2 MB.\n"));
    }

    [Test]
    public void Programs_get_JSON()
    {
        JsonObject run = JsonNode.Parse(CtcInProcess.Run("runs", folder.In("runs"), "--json").Output)!.AsArray().Single()!.AsObject();
        Assert.That(run.ToJsonString(), Is.EqualTo(
            $$"""{"folder":"{{folder.In("runs", "plain")}}","state":"unfinished","epochs":1,"""
            + """ "metric":"token error rate","value":0.125,"bytes":1250000,"problem":null} """.Trim()));
    }

    [Test]
    public void A_folder_that_is_missing_is_a_sentence()
    {
        CommandOutput refused = CtcInProcess.Run("runs", folder.In("x"));
        string sentence = $"ctc: {folder.In("x")}: there is no such folder; expected one that holds runs.\n";
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((2, sentence)));
    }

    [Test]
    [Category("Slow")]
    public void Without_a_folder_it_lists_runs_and_sweeps_here()
    {
        CommandOutput here = CtcCommand.RunIn(folder.Path, "runs"), elsewhere = CtcCommand.RunIn(folder.In("runs", "plain"), "runs");
        Assert.That(here.Output, Does.StartWith("runs/plain  unfinished"));
        Assert.That((elsewhere.ExitCode, elsewhere.Output), Is.EqualTo((0, "There are no runs.\n")));
    }
}
