using System.Text.Json;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Plugins;

/// <summary>Parts and plugins as text or JSON. Parts are created, because errors in constructors occur only then.</summary>
internal static class PluginListing
{
    public static void WriteText(TextWriter to, PartCatalog parts, PluginCatalog plugins)
    {
        foreach (ExtensionPoint point in ExtensionPoint.All)
        {
            PartFactory[] here = [.. parts.All.Where(part => part.Point == point.Interface)];
            if (here.Length == 0) continue;
            to.WriteLine($"{point.Noun}:");
            foreach (PartFactory part in here)
            {
                PartMetadata metadata = part.Metadata;
                to.WriteLine($"  {metadata.Name,-18} {metadata.Summary}");
                if (metadata.Formula.Length > 0) to.WriteLine($"  {"",-18} {metadata.Formula}");
                string options = string.Join(", ", Options(part));
                if (metadata.Neutral.Length > 0) to.WriteLine($"  {"",-18} plain CTC at {{ {metadata.Neutral} }}; options {options}");
                if (metadata.Paper.Length > 0) to.WriteLine($"  {"",-18} {metadata.Paper}");
                to.WriteLine($"  {"",-18} {(part.Origin is { } file ? $"{file.Name} {file.Version}, {file.Path}" : "built in")}");
            }

            to.WriteLine();
        }

        foreach ((string plugin, string problem) in Problems(parts, plugins)) to.WriteLine($"PROBLEM {plugin}: {problem}");
        foreach ((string plugin, string warning) in Warnings(plugins)) to.WriteLine($"WARNING {plugin}: {warning}");
    }

    public static void WriteJson(TextWriter to, PartCatalog parts, PluginCatalog plugins) => to.WriteLine(JsonSerializer.Serialize(
        new
        {
            Parts = parts.All.Select(part => new
            {
                Point = ExtensionPoint.From(part.Point).Noun,
                part.Metadata.Name,
                part.Metadata.Summary,
                part.Metadata.Formula,
                part.Metadata.Paper,
                part.Metadata.Neutral,
                Needs = part.Metadata.Needs.ToString(),
                Options = Options(part),
                Plugin = part.Origin,
            }),
            Problems = Problems(parts, plugins).Select(problem => new { problem.Plugin, problem.Problem }),
            Warnings = Warnings(plugins).Select(warning => new { warning.Plugin, warning.Warning }),
        },
        CommandJson.Page));

    private static IEnumerable<string> Options(PartFactory part) =>
        part.Metadata.Options.GetProperties().Where(property => property.CanWrite).Select(property => KebabCase.From(property.Name));

    private static IEnumerable<(string Plugin, string Problem)> Problems(PartCatalog parts, PluginCatalog plugins)
    {
        foreach (Plugin plugin in plugins.Plugins)
        {
            if (plugin.Problem is not null) yield return (plugin.Path, plugin.Problem);
            foreach (PartProblem problem in PluginTrial.Problems(plugin))
            {
                yield return (plugin.Path, $"{problem.Part.Metadata.Name}: {problem.Cause}");
            }
        }

        foreach (var twins in parts.All.GroupBy(part => (part.Point, part.Metadata.Name)).Where(group => group.Count() > 1))
        {
            string files = string.Join(" and ", twins.Select(part => part.Origin?.Path ?? "what is built in"));
            string noun = ExtensionPoint.From(twins.Key.Point).Noun;
            yield return (twins.Key.Name, $"several bring a {noun} of this name, so that it cannot be used: {files}");
        }
    }

    private static IEnumerable<(string Plugin, string Warning)> Warnings(PluginCatalog plugins)
    {
        foreach (Plugin plugin in plugins.Plugins)
        {
            if (plugin.Unused.Count > 0)
            {
                string unused = $"{string.Join(", ", plugin.Unused)} in its folder {(plugin.Unused.Count == 1 ? "is" : "are")}";
                yield return (plugin.Path, $"{unused} not used: the host provides its own; "
                    + "expected none there, as a build with the package Ctc.Abstractions leaves it");
            }

            foreach (string library in plugin.MissingLibraries)
            {
                yield return (plugin.Path, $"the native library {library}, which its code calls, is neither in its folder nor in the system");
            }
        }
    }
}
