using System.Text.Json.Nodes;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Experiments.Decoding;

/// <summary>
/// The parts that decode, from a file: the keys <c>decoder</c>, <c>language-model</c> and, for outputs of other programs, <c>topology</c>.
/// </summary>
public sealed class DecodingChoice
{
    private readonly ObjectiveConfiguration objective;
    private readonly HashSet<string> named;

    private readonly string name;

    private DecodingChoice(string name, ObjectiveConfiguration objective, HashSet<string> named) =>
        (this.name, this.objective, this.named) = (name, objective, named);

    private static IEnumerable<ExtensionPoint> Points =>
        [ExtensionPoint.From(typeof(IDecoder)), ExtensionPoint.From(typeof(ILanguageModel)), ExtensionPoint.From(typeof(ITopology))];

    /// <summary>Gets the objective of the chosen parts alone.</summary>
    public ObjectiveConfiguration Objective => objective;

    /// <summary>Parses a choice.</summary>
    /// <param name="text">YAML: a mapping of the keys.</param>
    /// <param name="name">The name of the text in messages.</param>
    /// <param name="folder">The folder that relative paths in the text start from.</param>
    /// <param name="parts">The parts available by name.</param>
    /// <exception cref="ConfigurationException">A key or value is unknown or out of range, or a file does not exist.</exception>
    public static DecodingChoice Parse(string text, string name, string folder, PartCatalog parts)
    {
        string[] keys = [.. Points.Select(point => point.Key)];
        YamlMapping mapping = YamlText.ParseMapping(text, name);
        if (mapping.Entries.FirstOrDefault(entry => !keys.Contains(entry.Key.Text)) is { } other)
        {
            throw new ConfigurationException(other.Key.Location, $"unknown key '{other.Key.Text}'; expected {string.Join(", ", keys)}");
        }

        HashSet<string> named = [.. mapping.Entries.Select(entry => entry.Key.Text)];
        return new DecodingChoice(name, ObjectiveConfiguration.Parse(text, name, folder, parts), named);
    }

    /// <summary>Writes the parts of an objective that decode.</summary>
    /// <param name="configuration">The objective.</param>
    /// <param name="decoder">The decoder in place of its own.</param>
    /// <param name="withTopology">Whether the topology is written too, if it is not ctc.</param>
    /// <returns>JSON, which is also YAML, with absolute paths.</returns>
    internal static string ToYaml(ObjectiveConfiguration configuration, PartChoice decoder, bool withTopology = false)
    {
        PartChoices chosen = configuration.Chosen.With(ExtensionPoint.From(typeof(IDecoder)), [decoder]);
        JsonObject whole = CanonicalJson.From(configuration with { Chosen = chosen });
        bool isNamed = withTopology && configuration.Chosen.At<ITopology>().Single().Factory.Metadata.Name != "ctc";
        string[] keys = [.. Points.Where(point => isNamed || point.Interface != typeof(ITopology)).Select(point => point.Key)];
        return CanonicalJson.Indented(new JsonObject(keys.Select(key => KeyValuePair.Create(key, whole[key]?.DeepClone()))));
    }

    /// <summary>Replaces the parts of an objective by those that the file names.</summary>
    /// <param name="configuration">The objective of a run.</param>
    /// <returns>Another objective; the argument is unchanged.</returns>
    /// <exception cref="InvalidDataException">The file names a topology.</exception>
    internal ObjectiveConfiguration ApplyTo(ObjectiveConfiguration configuration)
    {
        if (named.Contains(ExtensionPoint.From(typeof(ITopology)).Key))
        {
            throw new InvalidDataException($"{name} names a topology; expected none, because a run is read with the one that it was trained with.");
        }

        PartChoices chosen = configuration.Chosen;
        foreach (ExtensionPoint point in Points.Where(point => named.Contains(point.Key))) chosen = chosen.With(point, objective.Chosen[point]);
        return configuration with { Chosen = chosen };
    }
}
