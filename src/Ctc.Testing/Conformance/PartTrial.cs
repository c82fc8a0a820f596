using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Testing.Conformance;

/// <summary>A part under check: its metadata, and the settings to check it at.</summary>
/// <param name="Factory">The factory of the part.</param>
/// <param name="Settings">The options, with their names in messages, in the order of checking.</param>
internal sealed record PartTrial(PartFactory Factory, IReadOnlyList<Setting> Settings)
{
    private const int Drawn = 2;

    public PartMetadata Says => Factory.Metadata;

    public Setting Default => Settings[0];

    /// <summary>Gets the setting at which the objective should be plain CTC; null if the part declares none.</summary>
    public Setting? Neutral =>
        Says.Neutral.Length == 0
            ? null
            : new Setting(Factory, $"{{ {Says.Neutral} }}", Read(Factory, With(Factory, Says.Neutral))) { InTraining = Default.InTraining };

    /// <summary>The same part, checked in training.</summary>
    public PartTrial InTraining() => this with { Settings = [.. Settings.Select(setting => setting with { InTraining = true })] };

    /// <summary>Creates the settings to check a part at: the given options, or the defaults and some random values.</summary>
    /// <param name="part">The part.</param>
    /// <param name="given">Options as text; by default none.</param>
    /// <param name="baseFolder">The base of relative paths in the options.</param>
    /// <exception cref="ConfigurationException">The options are invalid, or required options are missing.</exception>
    public static PartTrial Create(PartFactory part, string? given, string baseFolder)
    {
        var first =
            new Setting(part, NameOf(part, given), PartOptions.Parse(part, given ?? With(part, ""), "options", baseFolder));
        bool isModel = part.Point == typeof(IEncoder) || part.Point == typeof(IDataSource); // random options would change its size
        IEnumerable<int> draws = isModel || given is not null ? [] : Enumerable.Range(0, Drawn);
        IEnumerable<Setting> drawn = draws.Select(seed => DrawnOptions.Draw(part, seed)).OfType<object>()
            .Select(options => new Setting(part, PartOptions.Write(options), options));
        return new PartTrial(
            part, [first, .. drawn.DistinctBy(setting => setting.Name).Where(setting => setting.Name != PartOptions.Write(first.Options))]);
    }

    /// <summary>Options as text: those of the example, which must be given, and others.</summary>
    public static string With(PartFactory part, string others) =>
        $"{{ {string.Join(", ", new[] { part.Metadata.Example, others }.Where(text => text.Length > 0))} }}";

    private static string NameOf(PartFactory part, string? given) =>
        given is not null ? "the given options"
        : part.Metadata.Example.Length > 0 ? $"{{ {part.Metadata.Example} }}"
        : "its defaults";

    public static object Read(PartFactory part, string text) => PartOptions.Parse(part, text, "options", ".");
}
