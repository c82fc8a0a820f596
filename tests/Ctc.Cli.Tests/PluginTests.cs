using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary>Plugins that cannot be used are reported, and harm only those who need them.</summary>
public class PluginTests
{
    private static readonly string Broken = Path.Combine(TestContext.CurrentContext.TestDirectory, "broken-plugins");

    [Test]
    public void Every_broken_plugin_is_listed_with_its_cause_and_the_rest_work()
    {
        using TemporaryFolder folder = NotDotNet();
        CommandOutput list = CtcCommand.Run(Places(Broken, folder.Path), "plugins", "list");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(list.ExitCode, Is.Zero);
            Assert.That(list.Output, Does.Match(@"PROBLEM .*ThrowingConstructor\.dll: .*the constructor failed on purpose"));
            Assert.That(list.Output, Does.Match(@"PROBLEM focal: several bring a loss weighting of this name.*FocalCtc\.dll.*TakenName\.dll"));
            Assert.That(list.Output, Does.Contain($"PROBLEM {folder.In("Text", "Text.dll")}: it is not a .NET assembly"));
            Assert.That(list.Output, Does.Contain("  label-smoothing ").And.Contain("  reweighting "));
        }
    }

    [Test]
    public void A_run_fails_only_if_it_needs_what_is_broken()
    {
        using TemporaryFolder folder = NotDotNet();
        IReadOnlyDictionary<string, string> places = Places(Broken, folder.Path);
        CommandOutput unharmed = CtcCommand.Run(places, "run", "configs/smoke.yaml", "objective.weighting=[]", "train.epochs=1", "--output", folder.In("a"));
        CommandOutput ambiguous = CtcCommand.Run(places, "run", "configs/smoke.yaml", "--output", folder.In("b"));
        CommandOutput throwing = CtcCommand.Run(places, "run", "configs/smoke.yaml", "objective.weighting=[throwing]", "--output", folder.In("c"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((unharmed.ExitCode, unharmed.Error), Is.EqualTo((0, "")));
            Assert.That((ambiguous.ExitCode, throwing.ExitCode), Is.EqualTo((2, 2)));
            Assert.That(ambiguous.Error, Does.Match(@"smoke\.yaml:\d+:\d+: the loss weighting 'focal' is ambiguous; each of these brings one: .*FocalCtc\.dll, .*TakenName\.dll"));
            Assert.That(throwing.Error, Does.Contain("the constructor failed on purpose"));
            Assert.That(Directory.Exists(folder.In("b")) || Directory.Exists(folder.In("c")), Is.False, "something was written");
        }
    }

    [Test]
    public void The_list_is_JSON_for_programs()
    {
        JsonNode list = JsonNode.Parse(CtcCommand.Run("plugins", "list", "--json").Output)!;
        JsonNode focal = list["parts"]!.AsArray().Single(part => part!["name"]!.GetValue<string>() == "focal")!;
        Assert.That(focal["plugin"]!["sha256"]!.GetValue<string>(), Has.Length.EqualTo(64));
        Assert.That(list["problems"]!.AsArray(), Is.Empty);
    }

    private static Dictionary<string, string> Places(params string[] places) => new() { ["CTC_PLUGIN_PATH"] = string.Join(Path.PathSeparator, places) };

    private static TemporaryFolder NotDotNet()
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.In("Text"));
        File.WriteAllText(folder.In("Text", "Text.dll"), "This is no program.");
        return folder;
    }
}
