using System.Text.Json.Nodes;

namespace Ctc.Cli.Tests.Plugins;

/// <summary>A look at plugins that hang or exit. It waits for those that hang, most of its time.</summary>
[Category("Slow"), Parallelizable] // with others that only start processes: see CtcInProcess
public class HostilePluginLookTests
{
    [Test]
    public void A_look_at_plugins_that_hang_or_exit_names_each_and_ends()
    {
        string[] hostile = Directory.GetDirectories(Path.Combine(TestContext.CurrentContext.TestDirectory, "hostile-plugins"));
        var places = new Dictionary<string, string> { ["CTC_PLUGIN_PATH"] = string.Join(Path.PathSeparator, hostile.Order()) };
        CommandOutput list = CtcCommand.Run(places, "plugins", "list", "--json");
        Assert.That((list.ExitCode, list.Error), Is.EqualTo((0, "")));
        JsonNode shown = JsonNode.Parse(list.Output)!;
        Dictionary<string, string> problems = shown["problems"]!.AsArray()
            .ToDictionary(problem => Path.GetFileNameWithoutExtension((string)problem!["plugin"]!), problem => (string)problem!["problem"]!);
        Assert.That(
            problems,
            Is.EquivalentTo(new Dictionary<string, string>
            {
                ["HangingModule"] = "hanging-module: it could not be created within 10 s",
                ["HangingConstructor"] = "hanging-constructor: it could not be created within 10 s",
                ["ExitingConstructor"] = "exiting-constructor: it ended the process, with exit code 0",
            }));
        Assert.That(
            shown["parts"]!.AsArray().Select(part => (string)part!["name"]!),
            Is.SupersetOf(new[] { "hanging-module", "after-hanging", "foreground-thread", "exiting-constructor", "noisy", "injecting", "focal" }));
    }
}
