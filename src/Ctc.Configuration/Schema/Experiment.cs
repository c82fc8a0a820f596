using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Ctc.Configuration.Binding;
using Ctc.Hosting;

namespace Ctc.Configuration.Schema;

/// <summary>The complete configuration of a run, bound from a YAML file by <see cref="ExperimentFile"/>.</summary>
public sealed record Experiment
{
    /// <summary>Gets the name of the experiment, which is also the name of its folder.</summary>
    /// <value>Lower-case letters, digits and + . _ -, not only dots; there is no default.</value>
    [Required]
    [RegularExpression(@"(?!\.+$)[a-z0-9+._-]+", ErrorMessage = "expected lower-case letters, digits and + . _ -, not dots alone")]
    public required string Name { get; init; }

    /// <summary>Gets the seed of all random numbers: initial weights, shuffling, synthetic data.</summary>
    /// <value>Any whole number; the default is 1.</value>
    public long Seed { get; init; } = 1;

    /// <summary>Gets the device of the experiment.</summary>
    /// <value>auto, cpu or cuda; the default is auto, a GPU if one is available.</value>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>
    /// Gets the parts at the top level: data source, data transforms, encoder and metrics, the keys <c>data</c>, <c>transforms</c>, <c>model</c> and
    /// <c>metrics</c>.
    /// </summary>
    /// <value>There is no default for <c>data</c> and <c>model</c>; by default there are no transforms.</value>
    [PartSection("")]
    public PartChoices Chosen { get; init; } = PartChoices.None;

    /// <summary>Gets the data source, which provides the utterances.</summary>
    public PartChoice Data => Chosen.At<IDataSource>().Single();

    /// <summary>Gets the data transforms, each applied to the result of the one before.</summary>
    public IReadOnlyList<PartChoice> Transforms => Chosen.At<IDataTransform>();

    /// <summary>Gets the encoder, the network to train.</summary>
    public PartChoice Model => Chosen.At<IEncoder>().Single();

    /// <summary>Gets the metrics by which models are measured. The first chooses the best epoch, unless training names another criterion.</summary>
    /// <value>At least one; the default is token-error-rate and exact-match.</value>
    public IReadOnlyList<PartChoice> Metrics => Chosen.At<IMetric>();

    /// <summary>Gets the objective, the loss to minimise.</summary>
    /// <value>The default is plain CTC.</value>
    public required ObjectiveConfiguration Objective { get; init; }

    /// <summary>Gets how targets are aligned where boundaries are measured or written.</summary>
    /// <value>By default by the topology of the objective, from the first frame of a token to its last.</value>
    public AlignmentConfiguration Alignment { get; init; } = new();

    /// <summary>Gets the settings of training.</summary>
    /// <value>By default, the defaults of that section.</value>
    public TrainingConfiguration Train { get; init; } = new();

    /// <summary>Gets the paths of further plugins.</summary>
    /// <value>Absolute paths of files or folders; none by default. Paths in the file are relative to it.</value>
    public IReadOnlyList<string> Plugins { get; init; } = [];

    /// <summary>Gets all parts: those of <see cref="Chosen"/>, of the objective and of training, and schedules of plugins.</summary>
    public IEnumerable<PartChoice> Parts =>
        [.. Chosen.All, .. Objective.Parts, .. Train.Chosen.All, .. Schedules.OfType<ChosenSchedule>().Select(schedule => schedule.Choice)];

    /// <summary>Gets the schedules of all options, constants included.</summary>
    public IEnumerable<Schedule> Schedules => ScheduleReader.FindAll(this);

    /// <summary>Returns the resolved configuration: every key with its value, defaults filled in, keys in ordinal order, paths absolute.</summary>
    /// <returns>The canonical form, without <c>sweep</c>. Parts have the form <c>{"name": {options}}</c>, data and model that of the file.</returns>
    public JsonObject ToJson() => CanonicalJson.From(this);

    /// <summary>Returns the resolved configuration as JSON text, which is also YAML: it binds to an equal experiment.</summary>
    /// <returns>Indented JSON, the content of a file.</returns>
    public string ToYaml() => CanonicalJson.Indented(ToJson());
}
