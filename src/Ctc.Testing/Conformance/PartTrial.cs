using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Testing.Conformance;

/// <summary>A part that is being checked: what it says of itself, and the settings at which it is tried.</summary>
/// <param name="Factory">What creates it.</param>
/// <param name="Settings">Options and what a message calls them; those that every check runs on first.</param>
internal sealed record PartTrial(PartFactory Factory, IReadOnlyList<Setting> Settings)
{
    private const int Drawn = 2;

    public PartMetadata Says => Factory.Metadata;

    public Setting Default => Settings[0];

    /// <summary>Gets the setting at which the objective should be plain CTC; null where the part states none.</summary>
    public Setting? Neutral =>
        Says.Neutral.Length == 0 ? null : new Setting(Factory, $"{{ {Says.Neutral} }}", Read(Factory, $"{{ {Says.Neutral} }}"));

    /// <summary>Settings at which a part is tried: what is given, or its defaults and some drawn values.</summary>
    /// <param name="part">The part.</param>
    /// <param name="given">Options as text; by default none.</param>
    /// <param name="baseFolder">What relative paths in them are relative to.</param>
    /// <exception cref="ConfigurationException">The options are not what they should be, or must be given.</exception>
    public static PartTrial Of(PartFactory part, string? given, string baseFolder)
    {
        var first =
            new Setting(part, given is null ? "its defaults" : "the given options", PartOptions.Parse(part, given ?? "{}", "options", baseFolder));
        bool isModel = part.Point == typeof(IEncoder) || part.Point == typeof(IDataSource); // whose size would be drawn too
        IEnumerable<int> draws = isModel || given is not null ? [] : Enumerable.Range(0, Drawn);
        IEnumerable<Setting> drawn = draws.Select(seed => DrawnOptions.Of(part, seed)).OfType<object>()
            .Select(options => new Setting(part, PartOptions.Write(options), options));
        return new PartTrial(
            part, [first, .. drawn.DistinctBy(setting => setting.Name).Where(setting => setting.Name != PartOptions.Write(first.Options))]);
    }

    public static object Read(PartFactory part, string text) => PartOptions.Parse(part, text, "options", ".");
}
