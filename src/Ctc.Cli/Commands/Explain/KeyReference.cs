using Ctc.Cli.Commands.Plugins;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Texts;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Explain;

/// <summary>All keys of an experiment: those of its sections, and the options of the parts at hand.</summary>
/// <param name="parts">The parts, with their options.</param>
internal sealed class KeyReference(IReadOnlyList<SeenPart> parts)
{
    private const string Introduction =
        """
        # The keys of an experiment

        Every key of an experiment's file: the values that it takes, its default and its meaning. A key without a default is
        required. [Experiments](experiments.md) and [sweeps](sweeps.md) explain how they work together. `ctc explain --keys`
        prints the same with the parts of your own plugins; this page is the output of `ctc explain --keys --markdown`.
        """;

    /// <summary>Writes plain text, a line or two for each key.</summary>
    public void WriteText(TextWriter to)
    {
        foreach (KeySection section in KeySection.All())
        {
            to.WriteLine(section.Path.Length == 0 ? "At the top level:" : $"{section.Path}:");
            foreach (OptionDescription key in section.Keys) OptionText.WriteFull(to, key, "  ");
            to.WriteLine();
        }

        foreach ((ExtensionPoint point, SeenPart part) in Parts())
        {
            PartMetadata metadata = part.Part.Metadata;
            to.WriteLine($"{Place(point, Printable.Line(metadata.Name))}: {Printable.Line(metadata.Summary)}");
            foreach (OptionDescription key in part.Options) OptionText.WriteFull(to, key, "  ");
            to.WriteLine();
        }
    }

    /// <summary>Writes Markdown, a table for each section and each part.</summary>
    public void WritePage(TextWriter to)
    {
        to.WriteLine(Introduction);
        foreach (KeySection section in KeySection.All())
        {
            Heading(to, section.Path.Length == 0 ? "## The top level" : $"## `{section.Path}`");
            Table(to, section.Keys);
        }

        foreach (var point in Parts().GroupBy(part => part.Point, part => part.Part))
        {
            Heading(to, $"## `{point.Key.Path}`: {point.Key.Noun}");
            to.WriteLine($"Written `{Place(point.Key, "NAME")}`.");
            to.WriteLine();
            to.WriteLine("| part | summary |");
            to.WriteLine("|---|---|");
            foreach (SeenPart part in point) to.WriteLine($"| `{Cell(part.Part.Metadata.Name)}` | {Cell(part.Part.Metadata.Summary)} |");
            foreach (SeenPart part in point.Where(part => part.Options.Count > 0))
            {
                Heading(to, $"### `{Cell(part.Part.Metadata.Name)}`");
                Table(to, part.Options);
            }
        }
    }

    private IEnumerable<(ExtensionPoint Point, SeenPart Part)> Parts() =>
        from point in ExtensionPoint.All
        from part in parts
        where part.Part.Point == point.Interface
        select (point, part);

    // As it is written in a file.
    private static string Place(ExtensionPoint point, string name) =>
        point.Selector is { } selector ? $"{point.Path}: {{ {selector}: {name}, key: value }}"
        : point.IsList ? $"{point.Path}: [{{ {name}: {{ key: value }} }}]"
        : $"{point.Path}: {{ {name}: {{ key: value }} }}";

    private static void Heading(TextWriter to, string heading)
    {
        to.WriteLine();
        to.WriteLine(heading);
        to.WriteLine();
    }

    private static void Table(TextWriter to, IEnumerable<OptionDescription> keys)
    {
        to.WriteLine("| key | values | default | meaning |");
        to.WriteLine("|---|---|---|---|");
        foreach (OptionDescription key in keys)
        {
            string value = key.Default is null ? "" : $"`{Cell(key.Default)}`";
            to.WriteLine($"| `{Cell(key.Name)}` | {Cell(key.Expected)} | {value} | {Cell(key.Summary)} |");
        }
    }

    private static string Cell(string text) => Printable.Line(text).Replace("|", "\\|", StringComparison.Ordinal);
}
