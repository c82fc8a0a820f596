using System.Text.Json.Nodes;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Data.Recordings;
using Ctc.Experiments.Data.Speech;
using Ctc.Experiments.Data.Synthesis;
using Ctc.Experiments.Training;
using Ctc.Experiments.Transforms;
using Ctc.Hosting;

namespace Ctc.Experiments.Runs;

/// <summary>The experiment by which an aligner is fitted to the very utterances that it aligns, without their true times.</summary>
public static class AlignerFit
{
    private const int FewestEpochs = 10, Steps = 320, StepsFromRun = 80;

    private const string Aligner = """
        name: fit
        model: { encoder: conv, hidden: 128, layers: 1, kernel: 3 }
        objective: { topology: no-blank, emissions: [ { label-prior: { scale: 1, decay: 0.05 } } ] }
        alignment: { edges: expected }
        """;

    private const string Training = """
        train:
          optimizer: adam
          learning-rate: 3e-3
          schedule: cosine
          clip-norm: 20
          augment: [ { masks: { times: 0, bands: 1, features: 8 } } ]
          best-by: loss
        """;

    /// <summary>Gets the aligner that is fitted from nothing: it sees three frames, and has no blank. It lacks its data.</summary>
    public static ExperimentFile New => Parse($"{Aligner}\n{Training}", "ctc align --fit");

    /// <summary>The experiment of a run, to be fitted from the weights of its best epoch.</summary>
    /// <param name="run">The absolute path of a finished run.</param>
    /// <param name="record">Its record; the plugins in it are left out.</param>
    public static ExperimentFile FromRun(string run, RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var experiment = (JsonObject)record.Experiment.DeepClone();
        experiment.Remove("plugins");
        experiment.Remove(ExtensionPoint.TrainSection);
        return Parse(experiment.ToJsonString(), Path.Combine(run, "run.json"))
            .With(YamlText.ParseMapping(Training, "ctc align --fit"))
            .With(Override.From("train.init-from", Text(run)));
    }

    /// <summary>The experiment on the utterances of a manifest, with the features of its own data.</summary>
    /// <param name="experiment">The experiment; it may have no data.</param>
    /// <param name="manifest">The absolute path of a manifest or folder of recordings, or of images if those are what the experiment reads.</param>
    /// <param name="parts">The available parts.</param>
    /// <exception cref="PluginException">The data source of the experiment is missing.</exception>
    public static ExperimentFile OnManifest(ExperimentFile experiment, string manifest, PartCatalog parts)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(parts);
        var data = experiment.Document["data"] as YamlMapping;
        Type? given = data?["source"] is YamlScalar source ? parts.Find(typeof(IDataSource), source.Text).Metadata.Options : null;
        bool isSound = given is null || given.IsAssignableTo(typeof(LogMelOptions));
        Type options = isSound ? typeof(RecordingsOptions) : typeof(ManifestOptions);
        HashSet<string> keys = [.. OptionProperty.AllOf(options).Select(option => option.Key)];
        YamlMapping own = new(
            Place,
            [
                Entry("source", isSound ? "recordings" : "manifest"),
                Entry("symbols", ManifestOptions.FromAllSets),
                .. given?.IsAssignableTo(typeof(SynthesisOptions)) == true ? [Entry("unit", "word")] : Array.Empty<YamlEntry>(),
            ]);
        foreach (YamlEntry kept in (data?.Entries ?? []).Where(entry => keys.Contains(entry.Key.Text))) own = own.With(kept);
        foreach (string key in new[] { "dev", "test", "root" }) own = own.With(Entry(key, "~"));
        YamlMapping all = own.With(Entry("split-by", "line")).With(Entry("invalid", "drop")).With(Entry("train", manifest, isPlain: false));
        return experiment.With(Override.From("data", all));
    }

    /// <summary>The experiment with training, dev and test set in one.</summary>
    /// <param name="experiment">The experiment; its data transforms are left out, and utterances without an alignment are dropped.</param>
    /// <param name="set">train, dev, test, or all of them.</param>
    public static ExperimentFile To(ExperimentFile experiment, string set)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return experiment.With(["transforms=[]", "objective.infeasible=drop", $"train.fit-to={set}"]);
    }

    /// <summary>Looks up the parts. An experiment without a number of epochs gets ten or more, which make some hundred steps.</summary>
    /// <param name="experiment">With its data.</param>
    /// <param name="parts">The available parts.</param>
    /// <returns>The experiment, and its data if they have been loaded.</returns>
    /// <exception cref="ConfigurationException">A key or value is unknown, missing or out of range.</exception>
    /// <exception cref="InvalidDataException">The data cannot be read.</exception>
    public static (Experiment Experiment, Dataset? Data) Bind(ExperimentFile experiment, PartCatalog parts)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        Experiment bound = experiment.Bind(parts);
        if ((experiment.Document[ExtensionPoint.TrainSection] as YamlMapping)?["epochs"] is not null) return (bound, null);
        Dataset data = ExperimentData.Load(bound);
        int inPass = EpochOrder.Count(data.Train.Count, bound.Train with { Passes = 1 });
        int passes = ((bound.Train.InitFrom is null ? Steps : StepsFromRun) + inPass - 1) / inPass;
        int inEpoch = Math.Max(bound.Train.Passes, passes / FewestEpochs); // As many measurements of the dev set as epochs are enough.
        int epochs = Math.Max(FewestEpochs, (passes + inEpoch - 1) / inEpoch);
        return (bound with { Train = bound.Train with { Epochs = epochs, Passes = inEpoch } }, data);
    }

    private static readonly YamlLocation Place = new("ctc align --fit");

    private static ExperimentFile Parse(string text, string name) => ExperimentFile.Parse(text, name, Environment.CurrentDirectory);

    private static YamlScalar Text(string text, bool isPlain = false) => new(Place, text, isPlain);

    private static YamlEntry Entry(string key, string value, bool isPlain = true) => new(Text(key, isPlain: true), Text(value, isPlain));
}
