using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Hosting;

namespace Ctc.Configuration.Schema;

/// <summary>An experiment as it is written: read, and overridden, but its parts not looked up yet.</summary>
/// <remarks>
/// An override <c>a.b=value</c> is the mapping <c>{a: {b: value}}</c> laid over the file. Mappings merge; lists and scalars replace whole.
/// In a list of parts a part is addressed by its name, and by <c>name#2</c> where that occurs twice. Choosing another part drops the
/// options of the one that was there.
/// </remarks>
public sealed class ExperimentFile
{
    private const string SweepKey = "sweep";

    private readonly YamlMapping document;
    private readonly string baseFolder;

    private ExperimentFile(YamlMapping document, string baseFolder)
    {
        this.document = document;
        this.baseFolder = baseFolder;
        if (document[SweepKey] is { } sweep and not YamlMapping) throw sweep.Refuse(SweepKey, "a mapping");
        Plugins = ReadPlugins();
    }

    /// <summary>Gets what is written, overrides applied.</summary>
    internal YamlMapping Document => document;

    /// <summary>Gets the experiment's name as it is written; empty where there is none.</summary>
    internal string Name => (document["name"] as YamlScalar)?.Text ?? "";

    /// <summary>Gets the absolute paths of the plugins that the experiment brings: what to load before <see cref="Bind"/>.</summary>
    public IReadOnlyList<string> Plugins { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Messages name it as it is given here.</param>
    /// <param name="overrides">Each <c>key=value</c>, applied in this order.</param>
    /// <returns>The experiment, its overrides applied.</returns>
    /// <exception cref="ConfigurationException">File or override is not what it should be.</exception>
    public static ExperimentFile Open(string path, IReadOnlyList<string> overrides)
    {
        string text = TextFile.Read(path);
        return Parse(text, path, Path.GetDirectoryName(Path.GetFullPath(path))!).With(overrides);
    }

    /// <summary>Reads text, as that of a resolved configuration.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="name">What messages call the text.</param>
    /// <param name="baseFolder">What relative paths in it are relative to.</param>
    /// <returns>The experiment.</returns>
    /// <exception cref="ConfigurationException">The text is not one mapping.</exception>
    public static ExperimentFile Parse(string text, string name, string baseFolder) => new(Mapping(text, name), Path.GetFullPath(baseFolder));

    /// <summary>The same experiment with overrides.</summary>
    /// <param name="overrides">Each <c>key=value</c>, applied in this order.</param>
    /// <returns>Another experiment; this one stays.</returns>
    /// <exception cref="ConfigurationException">An override has no such form, or addresses a part that is not there.</exception>
    public ExperimentFile With(IReadOnlyList<string> overrides) =>
        new(overrides.Select(Override.Parse).Aggregate(document, YamlPatch.Apply), baseFolder);

    /// <summary>The same experiment with a mapping laid over it.</summary>
    internal ExperimentFile With(YamlMapping patch) => new(YamlPatch.Apply(document, patch), baseFolder);

    /// <summary>Looks up the parts and checks every key and value.</summary>
    /// <param name="catalog">The parts at hand, those of <see cref="Plugins"/> among them.</param>
    /// <returns>An experiment that can run.</returns>
    /// <exception cref="ConfigurationException">Something in the file or an override is unknown, missing or out of range.</exception>
    public Experiment Bind(PartCatalog catalog)
    {
        const string objective = nameof(objective);
        YamlMapping complete = document[objective] is null ? document.With(Entry(objective, new YamlMapping(document.Location, []))) : document;
        Experiment experiment = (Experiment)new Binder(catalog, baseFolder).Record(complete, typeof(Experiment), "the experiment", SweepKey);
        const string finite = "one that gives the single, finite number that training needs";
        if (experiment.Objective.Reduction == Reduction.None) throw ((YamlMapping)complete[objective]!)["reduction"]!.Refuse("reduction", finite);
        if (experiment.Objective.Infeasible == InfeasiblePolicy.Inf) throw ((YamlMapping)complete[objective]!)["infeasible"]!.Refuse("infeasible", finite);

        return experiment with { Plugins = Plugins };
    }

    /// <summary>Looks up the data source and the encoder alone, to read new inputs with: neither the objective's parts nor the data files are needed.</summary>
    /// <inheritdoc cref="Bind"/>
    public Experiment BindForReading(PartCatalog catalog)
    {
        YamlMapping plain = document.With(Entry("objective", new YamlMapping(document.Location, [])));
        return (Experiment)new Binder(catalog, baseFolder, filesMayBeGone: true).Record(plain, typeof(Experiment), "the experiment", SweepKey);
    }

    /// <summary>Reads text that must be one mapping.</summary>
    internal static YamlMapping Mapping(string text, string name) => YamlText.ParseFile(text, name) switch
    {
        YamlMapping mapping => mapping,
        null or YamlScalar { IsNull: true } => throw new ConfigurationException(new YamlLocation(name, 1, 1), "there is nothing; expected a mapping"),
        YamlValue other => throw new ConfigurationException(other.Location, $"found {other.Found}; expected a mapping"),
    };

    private static YamlEntry Entry(string key, YamlValue value) => new(new YamlScalar(value.Location, key, Plain: true), value);

    private string[] ReadPlugins()
    {
        OptionProperty option = OptionProperty.Of(typeof(Experiment)).First(option => option.Property.Name == nameof(Plugins));
        if (document[option.Key] is not { } written) return [];

        IReadOnlyList<string> paths = (IReadOnlyList<string>)new Binder(PartCatalog.Empty, baseFolder).Value(written, option)!;
        return [.. paths.Zip(((YamlList)written).Items, (path, at) => ResolvedPath.OfFileOrFolder(path, baseFolder, option.Key, at))];
    }
}
