using System.Text.Json.Nodes;

namespace Ctc.Cli.Tests.Plugins;

/// <summary>The output of <c>ctc plugins check --json</c> for the plugins in a folder.</summary>
internal sealed class CheckedPlugins
{
    private readonly Dictionary<string, JsonNode> plugins;

    /// <summary>Checks the plugins; at least one check must fail.</summary>
    public CheckedPlugins(string place, params string[] options)
    {
        CommandOutput check = CtcCommand.Run(["plugins", "check", place, "--json", .. options]);
        Assert.That((check.ExitCode, check.Error), Is.EqualTo((1, "")));
        plugins = JsonNode.Parse(check.Output)!["plugins"]!.AsArray()
            .ToDictionary(plugin => Path.GetFileNameWithoutExtension((string)plugin!["path"]!), plugin => plugin!);
    }

    /// <summary>The result of loading a plugin.</summary>
    public (string Outcome, string Message) Loads(string plugin) => Said(plugins[plugin]["loads"]!);

    /// <summary>The result of a check of a part.</summary>
    public (string Outcome, string Message) Of(string plugin, string part, string check) =>
        Said(Results(plugin, part).Single(result => (string)result!["check"]! == check)!);

    /// <summary>The message of the only failed check of a part.</summary>
    public string Failure(string plugin, string part) =>
        Results(plugin, part).Select(result => Said(result!)).Single(said => said.Outcome == "failed").Message;

    public JsonArray Results(string plugin, string part) => Part(plugin, part)["results"]!.AsArray();

    public bool Failed(string plugin, string? part = null) => (bool)(part is null ? plugins[plugin] : Part(plugin, part))["failed"]!;

    private JsonNode Part(string plugin, string part) => plugins[plugin]["parts"]!.AsArray().Single(one => (string)one!["name"]! == part)!;

    private static (string Outcome, string Message) Said(JsonNode result) => ((string)result["outcome"]!, (string)result["message"]!);
}
