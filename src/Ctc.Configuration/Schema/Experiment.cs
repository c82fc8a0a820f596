using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Identity;

namespace Ctc.Configuration.Schema;

/// <summary>All that decides a run. Bound from a YAML file by <see cref="ExperimentFile"/>.</summary>
public sealed record Experiment
{
    /// <summary>Gets what the experiment is called, and its folder.</summary>
    /// <value>Lower-case letters, digits and + . _ -, not dots alone; there is no default.</value>
    [Required]
    [RegularExpression(@"(?!\.+$)[a-z0-9+._-]+", ErrorMessage = "expected lower-case letters, digits and + . _ -, not dots alone")]
    public required string Name { get; init; }

    /// <summary>Gets where all chance starts: weights, shuffling, drawn data.</summary>
    /// <value>Any whole number; the default is 1.</value>
    public long Seed { get; init; } = 1;

    /// <summary>Gets where the experiment computes.</summary>
    /// <value>auto, cpu or cuda; the default is auto, a GPU where there is one.</value>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>Gets where utterances come from.</summary>
    /// <value>A data source, named by the key <c>source</c>; there is no default.</value>
    [AtPoint(typeof(IDataSource), Selector = "source")]
    public required PartChoice Data { get; init; }

    /// <summary>Gets the network.</summary>
    /// <value>An encoder, named by the key <c>encoder</c>; there is no default.</value>
    [AtPoint(typeof(IEncoder), Selector = "encoder")]
    public required PartChoice Model { get; init; }

    /// <summary>Gets what is minimised.</summary>
    /// <value>The default is plain CTC.</value>
    public required ObjectiveConfiguration Objective { get; init; }

    /// <summary>Gets how the experiment trains.</summary>
    /// <value>The default is that section's defaults.</value>
    public TrainingConfiguration Train { get; init; } = new();

    /// <summary>Gets where further plugins are.</summary>
    /// <value>Absolute paths of files or folders; none by default. In the file they are relative to it.</value>
    public IReadOnlyList<string> Plugins { get; init; } = [];

    /// <summary>Gets all parts: data, model, and those of the objective.</summary>
    public IEnumerable<PartChoice> Parts => [Data, Model, .. Objective.Parts];

    /// <summary>The resolved configuration: every key with its value, defaults filled in, keys in ordinal order, paths absolute.</summary>
    /// <returns>The canonical form, without <c>sweep</c>. Parts stand as <c>{"name": {options}}</c>, data and model as in the file.</returns>
    public JsonObject ToJson() => CanonicalJson.Of(this);

    /// <summary>The resolved configuration as text: JSON, which is YAML, so that the text binds to the same experiment again.</summary>
    /// <returns>Lines to be written to a file.</returns>
    public string ToYaml() => CanonicalJson.Indented(ToJson());
}
