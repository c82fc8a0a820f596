using System.Text.Json.Nodes;
using Ctc.Cli.Tests;

namespace Packages.Tests;

/// <summary>The template of <c>dotnet new ctc-plugin</c>.</summary>
internal static class PluginTemplate
{
    /// <summary>Gets its settings.</summary>
    public static JsonNode Settings { get; } = JsonNode.Parse(
        File.ReadAllText(Path.Combine(CtcCommand.Repository, "templates", "ctc-plugin", ".template.config", "template.json")))!;

    /// <summary>Gets its choices, by name.</summary>
    public static string[] Choices { get; } = [.. Settings["symbols"]!["part"]!["choices"]!.AsArray().Select(choice => (string)choice!["choice"]!)];

    /// <summary>A line that creates a plugin.</summary>
    public static string Create(string name, string choice) =>
        $"dotnet new ctc-plugin --name {name} --part {choice} --source {ReaderFolder.Clone}/artifacts/package/release";
}
