using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Hosting;

namespace Ctc.Configuration.Schema;

/// <summary>An experiment before its parts are looked up: the tree of its file, with overrides applied.</summary>
/// <remarks>
/// An override <c>a.b=value</c> is the mapping <c>{a: {b: value}}</c> merged into the file. Mappings merge; lists and scalars are replaced.
/// A key that has dots itself is in quotes. In a list of parts a part is addressed by its name, and by <c>name#2</c> if that occurs twice. Choosing
/// another part drops the options of the previous one.
/// </remarks>
public sealed class ExperimentFile
{
    private const string SweepKey = SweepKeys.Section;

    private readonly YamlMapping document;
    private readonly string baseFolder;

    private ExperimentFile(YamlMapping document, string baseFolder)
    {
        this.document = document;
        this.baseFolder = baseFolder;
        if (document[SweepKey] is { } sweep and not YamlMapping) throw sweep.Refuse(SweepKey, "a mapping");
        Plugins = ReadPlugins();
    }

    /// <summary>Gets the folder that relative paths start from.</summary>
    internal string BaseFolder => baseFolder;

    /// <summary>Gets the document with overrides applied.</summary>
    internal YamlMapping Document => document;

    /// <summary>Gets the experiment's name from the document; empty if it has none.</summary>
    internal string Name => (document["name"] as YamlScalar)?.Text ?? "";

    /// <summary>Gets the absolute paths of the plugins that the experiment names, to be loaded before <see cref="Bind"/>.</summary>
    public IReadOnlyList<string> Plugins { get; }

    /// <summary>Loads a file.</summary>
    /// <param name="path">The file; messages contain the path in this form.</param>
    /// <param name="overrides">Overrides of the form <c>key=value</c>, applied in this order.</param>
    /// <returns>The experiment, its overrides applied.</returns>
    /// <exception cref="ConfigurationException">The file or an override is wrong.</exception>
    public static ExperimentFile Open(string path, IReadOnlyList<string> overrides)
    {
        string text = TextFile.Load(path);
        return Parse(text, path, Path.GetDirectoryName(Path.GetFullPath(path))!).With(overrides);
    }

    /// <summary>Parses text, such as that of a resolved configuration.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="name">The name of the text in messages.</param>
    /// <param name="baseFolder">The folder that relative paths in the text start from.</param>
    /// <returns>The experiment.</returns>
    /// <exception cref="ConfigurationException">The text is not a single mapping.</exception>
    public static ExperimentFile Parse(string text, string name, string baseFolder) =>
        new(YamlText.ParseMapping(text, name), Path.GetFullPath(baseFolder));

    /// <summary>Returns the experiment with overrides applied.</summary>
    /// <param name="overrides">Overrides of the form <c>key=value</c>, applied in this order.</param>
    /// <returns>Another experiment; this one is unchanged.</returns>
    /// <exception cref="ConfigurationException">An override does not have this form, or addresses a part that does not exist.</exception>
    public ExperimentFile With(IReadOnlyList<string> overrides) =>
        new(overrides.Aggregate(document, Overridden), baseFolder);

    /// <summary>Returns the experiment with a mapping merged into it.</summary>
    internal ExperimentFile With(YamlMapping patch) => new(YamlPatch.Apply(document, patch), baseFolder);

    /// <summary>Looks up the parts and checks every key and value.</summary>
    /// <param name="catalog">All parts, including those of <see cref="Plugins"/>.</param>
    /// <returns>An experiment that is ready to run.</returns>
    /// <exception cref="ConfigurationException">A key or value of the file or an override is unknown, missing or out of range.</exception>
    public Experiment Bind(PartCatalog catalog)
    {
        const string objective = ExtensionPoint.ObjectiveSection;
        YamlMapping complete = document;
        foreach (string name in new[] { objective, ExtensionPoint.TrainSection })
        {
            if (document[name] is null) complete = complete.With(Entry(name, new YamlMapping(document.Location, [])));
        }

        RefuseOptionsOfOptimizer((complete[ExtensionPoint.TrainSection] as YamlMapping)?.Entries ?? []);
        RefuseFactorOfSteps(((complete[ExtensionPoint.TrainSection] as YamlMapping)?["schedule"] as YamlMapping)?["steps"] as YamlMapping);
        Experiment experiment = (Experiment)new Binder(catalog, baseFolder).Record(complete, typeof(Experiment), "the experiment", SweepKey);
        const string finite = "one that gives the single, finite number that training needs";
        var section = (YamlMapping)complete[objective]!;
        if (experiment.Objective.Reduction == Reduction.None) throw section["reduction"]!.Refuse("reduction", finite);
        if (experiment.Objective.Infeasible == InfeasiblePolicy.Inf) throw section["infeasible"]!.Refuse("infeasible", finite);

        experiment.Objective.RefuseMisfits();
        RefuseMissingHead(experiment, document["alignment"] as YamlMapping);
        if (experiment.Train.Views == 1) RefuseOtherView(experiment.Parts);
        return experiment with { Plugins = Plugins };
    }

    /// <summary>
    /// Looks up only what reads new inputs: data source, encoder, topology, decoder and language model. Neither the other parts nor the data files
    /// need to exist.
    /// </summary>
    /// <inheritdoc cref="Bind"/>
    /// <param name="catalog">The parts available by name.</param>
    /// <param name="with">What is looked up too; by default nothing.</param>
    public Experiment BindForReading(PartCatalog catalog, ReadingParts with = ReadingParts.None)
    {
        bool withMetrics = with.HasFlag(ReadingParts.Metrics), withAlignment = with.HasFlag(ReadingParts.Alignment);

        // Lists of parts, such as data transforms, are not for reading.
        string[] lists =
        [
            .. ExtensionPoint.All
                .Where(point => point is { Section: "", IsList: true } && !(withMetrics && point.Interface == typeof(IMetric)))
                .Select(point => point.Key),
        ];
        YamlMapping needed = document with
        {
            Entries = [.. document.Entries.Where(entry => entry.Key.Text != ExtensionPoint.TrainSection && !lists.Contains(entry.Key.Text))],
        };
        bool headAligns = (document["alignment"] as YamlMapping)?["head"] is YamlScalar { IsNull: false };
        List<Type> transforms = with.HasFlag(ReadingParts.EmissionTransforms) ? [typeof(IEmissionTransform)] : [];
        if (withAlignment && !headAligns) transforms = [typeof(IEmissionTransform), typeof(ILatticeTransform)];
        YamlMapping plain = needed.With(ObjectiveForReading(transforms, withAlignment && headAligns));
        return (Experiment)new Binder(catalog, baseFolder, filesMayBeGone: true).Record(plain, typeof(Experiment), "the experiment", SweepKey);
    }

    // The keys with one part each, such as the topology: other lists of parts are for training.
    private YamlEntry ObjectiveForReading(IReadOnlyList<Type> lists, bool withHeads)
    {
        const string section = ExtensionPoint.ObjectiveSection;
        string[] keys = [.. ExtensionPoint.All
            .Where(point => point.Section == section && (!point.IsList || lists.Contains(point.Interface)))
            .Select(point => point.Key), .. withHeads ? ["heads"] : Array.Empty<string>()];
        IEnumerable<YamlEntry> kept = ((document[section] as YamlMapping)?.Entries ?? []).Where(entry => keys.Contains(entry.Key.Text));
        return Entry(section, new YamlMapping(document.Location, [.. kept]));
    }

    private static void RefuseMissingHead(Experiment experiment, YamlMapping? section)
    {
        if (experiment.Alignment.Head is not { } head) return;
        string[] heads = [.. experiment.Objective.HeadNames];
        if (heads.Contains(head)) return;
        throw section!["head"]!.Refuse("head", heads.Length == 0 ? "a head of the objective, which has none" : $"one of {string.Join(", ", heads)}");
    }

    // They were keys of train before the optimizers were parts.
    private static void RefuseOptionsOfOptimizer(IEnumerable<YamlEntry> train)
    {
        if (train.FirstOrDefault(entry => entry.Key.Text is "weight-decay" or "momentum") is not { } option) return;
        (string key, string optimizer) = (option.Key.Text, option.Key.Text == "momentum" ? "sgd" : "adamw");
        throw new ConfigurationException(
            option.Key.Location, $"{key} is an option of the optimizer; expected optimizer: {{ {optimizer}: {{ {key}: 0.1 }} }}");
    }

    // The steps of the learning rate were at and factor before all schedules had the same keys.
    private static void RefuseFactorOfSteps(YamlMapping? steps)
    {
        if (steps?.Entries.FirstOrDefault(entry => entry.Key.Text is "at" or "factor") is not { } option) return;
        throw new ConfigurationException(
            option.Key.Location,
            $"steps has no key '{option.Key.Text}'; expected the factors and the start of each but the first, as in every schedule: "
            + "steps: { values: [1, 0.1, 0.01], starts: [6 epochs, 9 epochs] }");
    }

    private static void RefuseOtherView(IEnumerable<PartChoice> parts)
    {
        if (parts.FirstOrDefault(part => part.Factory.Metadata.Needs.HasFlag(Needs.OtherView)) is not { } needy) return;
        throw new ConfigurationException(
            needy.Location, $"'{needy.Factory.Metadata.Name}' compares two views of each utterance, and train.views is 1; expected train.views: 2");
    }

    private static YamlMapping Overridden(YamlMapping document, string text)
    {
        YamlMapping patch = Override.Parse(text);
        Override.RefusePieces(document, text);
        return YamlPatch.Apply(document, patch);
    }

    private static YamlEntry Entry(string key, YamlValue value) => new(new YamlScalar(value.Location, key, Plain: true), value);

    private string[] ReadPlugins()
    {
        OptionProperty option = OptionProperty.AllOf(typeof(Experiment)).First(option => option.Name == nameof(Plugins));
        if (document[option.Key] is not { } written) return [];

        IReadOnlyList<string> paths = (IReadOnlyList<string>)new Binder(PartCatalog.Empty, baseFolder).Value(written, option)!;
        return [.. paths.Zip(((YamlList)written).Items, (path, at) => ResolvedPath.ToFileOrFolder(path, baseFolder, option.Key, at))];
    }
}
