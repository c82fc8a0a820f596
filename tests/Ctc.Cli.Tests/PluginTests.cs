using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary>Plugins that cannot be used are reported, and affect only experiments that need them.</summary>
public class PluginTests
{
    private static readonly string Broken = Path.Combine(TestContext.CurrentContext.TestDirectory, "broken-plugins");

    [Test]
    [Category("Slow")]
    public void Every_broken_plugin_is_listed_with_its_cause_and_the_rest_work()
    {
        using TemporaryFolder folder = NotDotNet();
        string engine = Path.Combine(TestContext.CurrentContext.TestDirectory, "zoo", "EngineReference");
        CommandOutput list = CtcCommand.Run(Places(Broken, folder.Path, engine), "plugins", "list");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(list.ExitCode, Is.Zero);
            Assert.That(list.Output, Does.Match(@"PROBLEM .*ThrowingConstructor\.dll: .*the constructor failed on purpose"));
            Assert.That(list.Output, Does.Match(@"PROBLEM focal: several bring a loss weighting of this name.*FocalCtc\.dll.*TakenName\.dll"));
            Assert.That(list.Output, Does.Match(@"PROBLEM .*EngineReference\.dll: it references the host's Ctc\.Engine; "));
            Assert.That(list.Output, Does.Contain($"PROBLEM {folder.In("Text", "Text.dll")}: it is not a .NET assembly"));
            Assert.That(list.Output, Does.Contain("  label-smoothing ").And.Contain("  reweighting "));
        }
    }

    [Test]
    [Category("Slow")]
    public void A_run_fails_only_if_it_needs_what_is_broken()
    {
        using TemporaryFolder folder = NotDotNet();
        IReadOnlyDictionary<string, string> places = Places(Broken, folder.Path);
        CommandOutput unharmed =
            CtcInProcess.Run(places, "run", "configs/smoke.yaml", "objective.weighting=[]", "train.epochs=1", "--output", folder.In("a"));
        CommandOutput ambiguous = CtcInProcess.Run(places, "run", "configs/smoke.yaml", "--output", folder.In("b"));
        CommandOutput throwing = CtcInProcess.Run(places, "run", "configs/smoke.yaml", "objective.weighting=[throwing]", "--output", folder.In("c"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((unharmed.ExitCode, unharmed.Error), Is.EqualTo((0, "")));
            Assert.That((ambiguous.ExitCode, throwing.ExitCode), Is.EqualTo((2, 2)));
            Assert.That(
                ambiguous.Error,
                Does.Match(
                    @"smoke\.yaml:\d+:\d+: the loss weighting 'focal' is ambiguous; each of these has one: .*FocalCtc\.dll, .*TakenName\.dll"));
            Assert.That(throwing.Error, Does.Contain("the constructor failed on purpose"));
            Assert.That(Directory.Exists(folder.In("b")) || Directory.Exists(folder.In("c")), Is.False, "something was written");
        }
    }

    [Test]
    [Category("Slow")]
    public void The_list_is_JSON_for_programs()
    {
        JsonNode list = JsonNode.Parse(CtcCommand.Run("plugins", "list", "--json").Output)!;
        JsonNode focal = list["parts"]!.AsArray().Single(part => part!["name"]!.GetValue<string>() == "focal")!;
        Assert.That(focal["plugin"]!["sha256"]!.GetValue<string>(), Has.Length.EqualTo(64));
        Assert.That(list["problems"]!.AsArray(), Is.Empty);

        JsonNode gamma = focal["options"]!.AsArray().Single(option => (string)option!["name"]! == "gamma")!;
        Assert.That(gamma["default"]!.GetValue<string>(), Is.EqualTo("0.5"));
        Assert.That(gamma["expected"]!.GetValue<string>(), Is.EqualTo("a number or a schedule; 0 to 10"));
        Assert.That(gamma["summary"]!.GetValue<string>(), Is.Not.Empty);
        foreach (JsonNode? part in list["parts"]!.AsArray())
        {
            Assert.That(part!["summary"]!.GetValue<string>(), Is.Not.Empty);
            Assert.That(part["options"]!.AsArray().Select(option => (string)option!["summary"]!), Has.None.Empty, part["name"]!.GetValue<string>());
        }
    }

    [Test]
    [Category("Slow")]
    public void With_an_allow_list_only_what_is_in_it_is_loaded()
    {
        using var folder = new TemporaryFolder();
        JsonNode focal = JsonNode.Parse(CtcCommand.Run("plugins", "show", "focal", "--json").Output)!["parts"]!.AsArray()
            .Single(part => part!["name"]!.GetValue<string>() == "focal")!;
        File.WriteAllText(folder.In("list"), $"{focal["plugin"]!["sha256"]}  FocalCtc.dll\n");
        CommandOutput list = CtcCommand.Run(new Dictionary<string, string> { ["CTC_PLUGIN_ALLOW"] = folder.In("list") }, "plugins", "list");

        Assert.That(list.ExitCode, Is.Zero);
        Assert.That(list.Output, Does.Contain("  focal ").And.Not.Contain("  label-smoothing "));
        Assert.That(
            list.Output,
            Does.Match(
                $@"PROBLEM .*LabelSmoothing\.dll: LabelSmoothing\.dll with SHA-256 [0-9a-f]{{64}} is not allowed by {Regex.Escape(folder.In("list"))}"));
    }

    [Test]
    public void With_an_allow_list_an_experiment_reports_only_the_plugin_that_it_needs()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("list"), "# No plugin is allowed.\n");
        var environment = new Dictionary<string, string> { ["CTC_PLUGIN_ALLOW"] = folder.In("list") };
        CommandOutput plain = CtcInProcess.Run(environment, "explain", "configs/plain.yaml");
        CommandOutput refused = CtcInProcess.Run(environment, "explain", "configs/plain.yaml", "objective.weighting=[focal]");

        Assert.That((plain.ExitCode, plain.Error), Is.EqualTo((0, "")));
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(
            refused.Error,
            Does.Match(
                $@"\Actc: the plugin \S+FocalCtc\.dll cannot be used: FocalCtc\.dll with SHA-256 [0-9a-f]{{64}} is not allowed by "
                + $@"{Regex.Escape(folder.In("list"))}\nctc: override '[^']+': no loss weighting 'focal' was found; [^\n]+\n\z"));
    }

    [Test]
    public void An_allow_list_that_cannot_be_read_ends_the_command()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("list"), "FocalCtc.dll\n");
        CommandOutput run = CtcInProcess.Run(
            new Dictionary<string, string> { ["CTC_PLUGIN_ALLOW"] = folder.In("list") }, "run", "configs/smoke.yaml", "--output", folder.In("run"));

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(
            run.Error,
            Does.Contain($"{folder.In("list")}:1: found 'FocalCtc.dll'; expected 64 hexadecimal digits and a name, as sha256sum writes them"));
        Assert.That(Directory.Exists(folder.In("run")), Is.False);
    }

    [Test]
    [Category("Slow")]
    public void A_plugin_that_ships_what_is_the_hosts_works_and_is_warned_of()
    {
        using var folder = new TemporaryFolder();
        string sample = Path.Combine(TestContext.CurrentContext.TestDirectory, "samples", "HingeCtc"), dll = folder.In("HingeCtc", "HingeCtc.dll");
        Directory.CreateDirectory(folder.In("HingeCtc"));
        foreach (string file in Directory.EnumerateFiles(sample)) File.Copy(file, folder.In("HingeCtc", Path.GetFileName(file)));
        foreach (string name in new[] { "TorchSharp.dll", "Ctc.Abstractions.dll", "Ctc.Engine.dll" })
        {
            File.Copy(Path.Combine(TestContext.CurrentContext.TestDirectory, name), folder.In("HingeCtc", name));
        }

        CommandOutput list = CtcCommand.Run(Places(folder.Path), "plugins", "list");

        Assert.That(list.Output, Does.Contain("  hinge ").And.Not.Contain("PROBLEM"));
        const string Copies = "Ctc.Abstractions.dll, TorchSharp.dll, Ctc.Engine.dll";
        Assert.That(list.Output, Does.Contain($"WARNING {dll}: {Copies} in its folder are not used: the host provides its own"));
    }

    [Test]
    public void A_plugin_that_an_experiment_names_and_that_cannot_be_used_is_told_even_if_no_part_of_it_is_used()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("Own.dll"), "text");
        string sentence = $"ctc: the plugin {folder.In("Own.dll")} cannot be used: it is not a .NET assembly\n";

        CommandOutput explained = CtcInProcess.Run("explain", "configs/smoke.yaml", $"plugins=['{folder.In("Own.dll")}']");
        Assert.That((explained.ExitCode, explained.Error), Is.EqualTo((0, sentence)));
        CommandOutput refused = CtcInProcess.Run("explain", "configs/smoke.yaml", $"plugins=['{folder.In("Own.dll")}']", "objective.weighting=[own]");
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Does.StartWith(sentence).And.Contain("no loss weighting 'own' was found"));
    }

    private static Dictionary<string, string> Places(params string[] places) =>
        new() { ["CTC_PLUGIN_PATH"] = string.Join(Path.PathSeparator, places) };

    private static TemporaryFolder NotDotNet()
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.In("Text"));
        File.WriteAllText(folder.In("Text", "Text.dll"), "This is no program.");
        return folder;
    }
}
