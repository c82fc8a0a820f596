using System.ComponentModel.DataAnnotations;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Engine.Transducers;
using Ctc.Hosting;

namespace Ctc.Configuration.Schema;

/// <summary>The objective, the loss to minimise: the section <c>objective</c>. Without any key it is plain CTC.</summary>
public sealed record ObjectiveConfiguration
{
    /// <summary>
    /// Gets the chosen parts: one topology, lists of transforms, weightings and terms, applied in the order of the file, one decoder, and
    /// one language model or none.
    /// </summary>
    /// <value>The keys are those of the extension points; the default is only the topology <c>ctc</c> and the decoder <c>best-path</c>.</value>
    [PartSection(ExtensionPoint.ObjectiveSection)]
    public PartChoices Chosen { get; init; } = PartChoices.None;

    /// <summary>Gets the reduction of the losses of a batch to one number.</summary>
    /// <value>
    /// none, sum, mean, mean-utterance, mean-token or mean-frame; the default is mean-utterance. An experiment cannot train with none.
    /// </value>
    public Reduction Reduction { get; init; } = Reduction.MeanUtterance;

    /// <summary>Gets the policy for infeasible utterances, which have no alignment.</summary>
    /// <value>error, zero, drop or inf; the default is error. An experiment cannot train with inf.</value>
    public InfeasiblePolicy Infeasible { get; init; } = InfeasiblePolicy.Error;

    /// <summary>Gets the weight of the loss of these parts beside the heads.</summary>
    /// <value>0 or more; the default is 1.</value>
    [Range(0.0, double.MaxValue)]
    public Schedule Weight { get; init; } = 1;

    /// <summary>Gets the objectives on streams of the encoder, whose weighted losses are added.</summary>
    /// <value>None by default.</value>
    public IReadOnlyList<HeadConfiguration> Heads { get; init; } = [];

    /// <summary>Gets the names of the heads: those of their streams; the second head on one stream ends in -2.</summary>
    public IEnumerable<string> HeadNames => ObjectiveHead.Names(Heads.Select(head => head.Stream));

    /// <summary>Gets whether the topology is a transducer, whose networks belong to the objective.</summary>
    public bool IsTransducer => Chosen.At<ITopology>().Single().Options is TransducerOptions;

    /// <summary>Gets all parts, the topology first, the decoder behind the others, those of the heads last.</summary>
    public IEnumerable<PartChoice> Parts => [.. Chosen.All, .. Heads.SelectMany(head => head.Parts)];

    /// <summary>Creates the parts and composes them.</summary>
    /// <param name="recursion">The recursion to use; by default the fastest that supports the lattices.</param>
    /// <param name="memoryLimit">The bytes that a recursion may need; by default the memory of the machine.</param>
    /// <param name="logits">How logits are computed from hidden states; by default in chunks where they are many.</param>
    /// <returns>An objective, which owns its parts.</returns>
    /// <exception cref="PluginException">A part's constructor failed.</exception>
    public Objective Create(RecursionKind recursion = RecursionKind.Auto, long? memoryLimit = null, LogitsKind logits = LogitsKind.Auto)
    {
        ObjectiveHead[] heads = [.. Heads.Select(head => new ObjectiveHead(head.Stream, Compose(head.Chosen), head.Weight))];
        return new Objective(Compose(Chosen), Reduction, Infeasible, recursion, heads, Weight) { MemoryLimit = memoryLimit, Logits = logits };
    }

    /// <summary>Refuses parts that make no sense beside a transducer, and those of transducers without one.</summary>
    /// <exception cref="ConfigurationException">A part or a head does not fit; the message has the reason.</exception>
    public void RefuseMisfits()
    {
        HeadConfiguration? misplaced =
            Heads.FirstOrDefault(head => IsTransducer || head.Chosen.At<ITopology>().Single().Options is TransducerOptions);
        if (misplaced is not null) throw new ConfigurationException(misplaced.Location, TransducerFit.HeadFault(misplaced.Stream));
        if (!IsTransducer)
        {
            PartChoice? decoder = Chosen.At<IDecoder>().FirstOrDefault(choice => choice.Options is TransducerBeamOptions);
            if (decoder is not null) throw new ConfigurationException(decoder.Location, TransducerFit.DecoderFault);
            PartChoice? ofPlaces = Parts.FirstOrDefault(choice => choice.Factory.Metadata.Needs.HasFlag(Needs.Places));
            if (ofPlaces is null) return;
            throw new ConfigurationException(ofPlaces.Location, TransducerFit.PlacesFault(ofPlaces.Factory.Metadata.Name));
        }

        foreach (PartChoice choice in Chosen.All.Where(choice => TransducerFit.Points.Contains(choice.Factory.Point)))
        {
            IPart part = choice.Factory.CreatePart(choice.Options);
            using var owned = part as IDisposable;
            string? fault = TransducerFit.FindFault(choice.Factory.Point, part);
            if (fault is not null) throw new ConfigurationException(choice.Location, fault);
        }
    }

    private static ObjectiveParts Compose(PartChoices chosen) =>
        ObjectiveComposition.Compose(chosen.All.Select(part => (part.Factory.Point, part.Factory.CreatePart(part.Options))));

    /// <summary>Parses an objective outside an experiment.</summary>
    /// <param name="text">YAML or JSON: a mapping of the keys above.</param>
    /// <param name="name">The name of the text in messages.</param>
    /// <param name="baseFolder">The folder that relative paths in the text start from.</param>
    /// <param name="catalog">The parts available by name.</param>
    /// <returns>The objective; its reduction may be none.</returns>
    /// <exception cref="ConfigurationException">The text is not such a mapping, or a key or value is unknown or out of range.</exception>
    public static ObjectiveConfiguration Parse(string text, string name, string baseFolder, PartCatalog catalog)
    {
        YamlMapping mapping = YamlText.ParseMapping(text, name);
        return (ObjectiveConfiguration)new Binder(catalog, Path.GetFullPath(baseFolder)).Record(mapping, typeof(ObjectiveConfiguration), "objective");
    }
}
