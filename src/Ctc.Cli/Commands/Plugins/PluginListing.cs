using System.Text.Json;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Binding;
using Ctc.Experiments.Texts;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Plugins;

/// <summary>Parts and plugins as text or JSON.</summary>
/// <param name="seen">The parts to list, created already: errors in constructors occur only then.</param>
/// <param name="plugins">The plugins found.</param>
internal sealed class PluginListing(IReadOnlyList<SeenPart> seen, PluginCatalog plugins)
{
    private const string Indent = "                     ";

    /// <summary>Gets the parts.</summary>
    public IReadOnlyList<SeenPart> Parts => seen;

    /// <summary>All parts, by extension point, then the problems and warnings.</summary>
    public void WriteText(TextWriter to)
    {
        foreach (ExtensionPoint point in ExtensionPoint.All)
        {
            SeenPart[] here = [.. seen.Where(part => part.Part.Point == point.Interface)];
            if (here.Length == 0) continue;
            to.WriteLine($"{point.Noun}:");
            foreach (SeenPart part in here) WriteBrief(to, part);
            to.WriteLine();
        }

        foreach ((string plugin, string problem) in Problems()) to.WriteLine($"PROBLEM {Printable.Line(plugin)}: {Printable.Line(problem)}");
        foreach ((string plugin, string warning) in Warnings()) to.WriteLine($"WARNING {Printable.Line(plugin)}: {Printable.Line(warning)}");
    }

    /// <summary>Each part in full.</summary>
    public void WriteFull(TextWriter to)
    {
        foreach (SeenPart part in seen)
        {
            PartMetadata metadata = part.Part.Metadata;
            var point = ExtensionPoint.From(part.Part.Point);
            to.WriteLine($"{Printable.Line(metadata.Name)}, {point.Noun}: {Printable.Line(metadata.Summary)}");
            Field(to, "key", point.Path);
            Field(to, "formula", metadata.Formula);
            Field(to, "paper", metadata.Paper);
            if (metadata.Neutral.Length > 0) Field(to, "neutral", $"{{ {metadata.Neutral} }}");
            Field(to, "detached", metadata.Detached);
            if (metadata.Needs != default) Field(to, "needs", $"{metadata.Needs}");
            Field(to, "plugin", Origin(part.Part));
            if (part.Part.Origin is { } file) Field(to, "sha256", file.Sha256);
            Field(to, "PROBLEM", part.Problem ?? "");
            to.WriteLine(part.Options.Count == 0 ? "  no options" : "  options:");
            foreach (OptionDescription option in part.Options)
            {
                OptionText.WriteFull(to, option, "    ");
            }

            to.WriteLine();
        }
    }

    public void WriteJson(TextWriter to) => to.WriteLine(JsonSerializer.Serialize(
        new
        {
            Parts = seen.Select(part => new
            {
                Point = ExtensionPoint.From(part.Part.Point).Noun,
                part.Part.Metadata.Name,
                part.Part.Metadata.Summary,
                part.Part.Metadata.Formula,
                part.Part.Metadata.Paper,
                part.Part.Metadata.Neutral,
                part.Part.Metadata.Detached,
                Needs = part.Part.Metadata.Needs.ToString(),
                part.Options,
                Plugin = part.Part.Origin,
            }),
            Problems = Problems().Select(problem => new { problem.Plugin, problem.Problem }),
            Warnings = Warnings().Select(warning => new { warning.Plugin, warning.Warning }),
        },
        CommandJson.Page));

    private static void WriteBrief(TextWriter to, SeenPart part)
    {
        PartMetadata metadata = part.Part.Metadata;
        to.WriteLine($"  {Printable.Line(metadata.Name),-18} {Printable.Line(metadata.Summary)}");
        if (metadata.Formula.Length > 0) to.WriteLine(Indent + Printable.Line(metadata.Formula));
        if (part.Options.Count > 0) to.WriteLine($"{Indent}options {Printable.Line(string.Join(", ", part.Options.Select(OptionText.Brief)))}");
        if (metadata.Neutral.Length > 0) to.WriteLine($"{Indent}plain CTC at {{ {Printable.Line(metadata.Neutral)} }}");
        if (metadata.Paper.Length > 0) to.WriteLine(Indent + Printable.Line(metadata.Paper));
        to.WriteLine(Indent + Printable.Line(Origin(part.Part)));
    }

    private static string Origin(PartFactory part) => part.Origin is { } file ? $"{file.Name} {file.Version}, {file.Path}" : "built in";

    private static void Field(TextWriter to, string name, string text)
    {
        if (text.Length > 0) to.WriteLine($"  {name,-9} {Printable.Line(text)}");
    }

    private IEnumerable<(string Plugin, string Problem)> Problems()
    {
        foreach (Plugin plugin in plugins.Plugins)
        {
            if (plugin.Problem is not null) yield return (plugin.Path, plugin.Problem);
            foreach (SeenPart part in seen.Where(part => part.Problem is not null && plugin.Parts.Contains(part.Part)))
            {
                yield return (plugin.Path, $"{part.Part.Metadata.Name}: {part.Problem}");
            }
        }

        foreach (var twins in seen.Select(part => part.Part).GroupBy(part => (part.Point, part.Metadata.Name)).Where(group => group.Count() > 1))
        {
            string files = string.Join(" and ", twins.Select(part => part.Origin?.Path ?? "what is built in"));
            string noun = ExtensionPoint.From(twins.Key.Point).Noun;
            yield return (twins.Key.Name, $"several bring a {noun} of this name, so that it cannot be used: {files}");
        }
    }

    private IEnumerable<(string Plugin, string Warning)> Warnings()
    {
        foreach (Plugin plugin in plugins.Plugins)
        {
            if (plugin.Unused.Count > 0)
            {
                string unused = $"{string.Join(", ", plugin.Unused)} in its folder {(plugin.Unused.Count == 1 ? "is" : "are")}";
                yield return (plugin.Path, $"{unused} not used: the host provides its own; "
                    + "expected none there, as a build with the package Ctc.Abstractions leaves it");
            }

            foreach (string cause in plugin.MissingAssemblies) yield return (plugin.Path, cause);
            foreach (string library in plugin.MissingLibraries)
            {
                yield return (plugin.Path, $"the native library {library}, which its code calls, is neither in its folder nor in the system");
            }
        }
    }
}
