using System.ComponentModel.DataAnnotations;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Schema;

/// <summary>An objective of its own on a stream of the encoder: an item of the list <c>objective.heads</c>, named after the stream.</summary>
public sealed record HeadConfiguration : INamedRecord
{
    /// <summary>Gets the name of the stream that the head reads, which is the name of the head.</summary>
    public string Stream { get; private init; } = "";

    /// <summary>Gets the weight of the head's loss.</summary>
    /// <value>0 or more; the default is 1.</value>
    [Range(0.0, double.MaxValue)]
    public Schedule Weight { get; init; } = 1;

    /// <summary>Gets the chosen parts, as those of the objective.</summary>
    /// <value>The default is only the topology <c>ctc</c>.</value>
    [PartSection(ExtensionPoint.ObjectiveSection, OfLoss = true)]
    public PartChoices Chosen { get; init; } = PartChoices.None;

    /// <summary>Gets all parts, the topology first.</summary>
    public IEnumerable<PartChoice> Parts => Chosen.All;

    /// <summary>Gets the position of its name.</summary>
    public YamlLocation Location { get; private init; }

    /// <inheritdoc/>
    string INamedRecord.Name => Stream;

    /// <inheritdoc/>
    INamedRecord INamedRecord.Named(string name, YamlLocation location) => this with { Stream = name, Location = location };
}
