using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Ctc.Configuration.Binding;
using Ctc.Hosting;

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

    /// <summary>Gets the parts outside the objective: data source and encoder, the keys <c>data</c> and <c>model</c>.</summary>
    /// <value>There is no default.</value>
    [PartSection("")]
    public PartChoices Chosen { get; init; } = PartChoices.None;

    /// <summary>Gets where utterances come from: a data source.</summary>
    public PartChoice Data => Chosen.At<IDataSource>().Single();

    /// <summary>Gets the network: an encoder.</summary>
    public PartChoice Model => Chosen.At<IEncoder>().Single();

    /// <summary>Gets what is minimised.</summary>
    /// <value>The default is plain CTC.</value>
    public required ObjectiveConfiguration Objective { get; init; }

    /// <summary>Gets how the experiment trains.</summary>
    /// <value>The default is that section's defaults.</value>
    public TrainingConfiguration Train { get; init; } = new();

    /// <summary>Gets where further plugins are.</summary>
    /// <value>Absolute paths of files or folders; none by default. In the file they are relative to it.</value>
    public IReadOnlyList<string> Plugins { get; init; } = [];

    /// <summary>Gets all parts: those of <see cref="Chosen"/> and those of the objective.</summary>
    public IEnumerable<PartChoice> Parts => [.. Chosen.All, .. Objective.Parts];

    /// <summary>The resolved configuration: every key with its value, defaults filled in, keys in ordinal order, paths absolute.</summary>
    /// <returns>The canonical form, without <c>sweep</c>. Parts stand as <c>{"name": {options}}</c>, data and model as in the file.</returns>
    public JsonObject ToJson() => CanonicalJson.From(this);

    /// <summary>The resolved configuration as text: JSON, which is YAML, so that the text binds to the same experiment again.</summary>
    /// <returns>Lines to be written to a file.</returns>
    public string ToYaml() => CanonicalJson.Indented(ToJson());
}
