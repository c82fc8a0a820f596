using Ctc.Configuration.Binding;
using Ctc.Hosting;

namespace Ctc.Configuration.Schema;

/// <summary>The keys of the section <c>sweep</c>, which <see cref="SweepFile"/> expands.</summary>
internal static class SweepKeys
{
    public const string Section = ExtensionPoint.SweepSection;

    /// <summary>The word for no launcher: the runs are processes of the sweep itself.</summary>
    public const string Local = "local";

    public static OptionDescription OfSection { get; } = new(Section, "{}", "a section", "The runs to compare; ctc run ignores it.");

    public static IReadOnlyList<OptionDescription> All { get; } =
    [
        new("variants", "{}", "a mapping of names to mappings", "The changes to the experiment that make each variant."),
        new("baseline", "\"full\" with ablate, else none", "the name of a variant", "The variant that the others are compared with."),
        new("seeds", "[seed]", "a list of whole numbers", "The seeds of the runs of each variant; by default the experiment's own."),
        new("grid", "{}", "a mapping of paths to lists of values", "The values that are combined with each variant."),
        new("exclude", "[]", "a list of mappings of variant, seed and grid paths", "The runs that are left out: all that a mapping matches."),
        new("ablate", "false", "true or false", "Whether there is a variant full, and for each part of the objective one without it."),
        new(ExtensionPoint.From(typeof(ILauncher)).Key, "\"local\"", "local, or a launcher", "Where the runs are executed: here, or by a scheduler."),
    ];
}
