using Ctc.Engine.Decoding;
using Ctc.Engine.Topologies;
using Ctc.Engine.Transducers;

namespace Ctc.Engine.Objectives;

/// <summary>The parts of which an objective is composed. Without any it is plain CTC.</summary>
public sealed class ObjectiveParts
{
    /// <summary>Creates the parts of plain CTC.</summary>
    public ObjectiveParts()
    {
    }

    /// <summary>Copies the parts of another objective; an initialiser can replace some of them.</summary>
    /// <param name="parts">The parts to copy.</param>
    public ObjectiveParts(ObjectiveParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        (Topology, Decoder, LanguageModel) = (parts.Topology, parts.Decoder, parts.LanguageModel);
        (Emissions, Lattice) = (parts.Emissions, parts.Lattice);
        (Targets, Weighting, Auxiliary) = (parts.Targets, parts.Weighting, parts.Auxiliary);
    }

    /// <summary>Gets the topology; by default CTC's.</summary>
    public ITopology Topology { get; init; } = new CtcTopology();

    /// <summary>Gets the decoder; by default that of the best path. The loss does not depend on it.</summary>
    public IDecoder Decoder { get; init; } = new BestPathDecoder();

    /// <summary>Gets the language model that decoders may read; null, the default, for none. The loss does not depend on it.</summary>
    public ILanguageModel? LanguageModel { get; init; }

    /// <summary>Gets the emission transforms, applied in this order.</summary>
    public IReadOnlyList<IEmissionTransform> Emissions { get; init; } = [];

    /// <summary>Gets the lattice transforms, applied in this order.</summary>
    public IReadOnlyList<ILatticeTransform> Lattice { get; init; } = [];

    /// <summary>Gets the target transforms, applied in this order.</summary>
    public IReadOnlyList<ITargetTransform> Targets { get; init; } = [];

    /// <summary>Gets the loss weightings, whose weights multiply.</summary>
    public IReadOnlyList<ILossWeighting> Weighting { get; init; } = [];

    /// <summary>Gets the auxiliary terms, whose values add up and whose base shares multiply.</summary>
    public IReadOnlyList<IAuxiliaryTerm> Auxiliary { get; init; } = [];

    /// <summary>Gets the topology if it is a transducer; else null.</summary>
    internal TransducerTopology? Transducer => Topology as TransducerTopology;

    /// <summary>
    /// Gets whether the loss needs log-probabilities besides the likelihood, so that the log-softmax is computed in any case. Weightings may
    /// read them without it.
    /// </summary>
    internal bool ReadLogProbs => Emissions.Count + Targets.Count + Auxiliary.Count > 0;

    /// <summary>Gets whether no part reads an evaluation: the loss is the likelihood.</summary>
    internal bool NeedLikelihoodAlone => !ReadLogProbs && Weighting.Count == 0 && !All.Any(part => part is ITrainingObserver);

    /// <summary>Builds the lattices of a batch and applies the lattice transforms.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="calls">Calls the parts.</param>
    /// <param name="type">The type of the scores. Transforms are given it, because arcs that depend on time take T times the memory.</param>
    /// <param name="device">The device of the scores.</param>
    /// <returns>The lattices of the topology, and the numerator after the lattice transforms.</returns>
    internal (Lattices OfTopology, Lattice Numerator) Build(Batch batch, PartCalls calls, torch.ScalarType type, torch.Device device)
    {
        Lattices lattices = calls.Make(Topology, () => Topology.Build(batch));
        if (Lattice.Count == 0) return (lattices, lattices.Numerator);
        Lattice Transformed(Lattice before, ILatticeTransform transform) => calls.Make(transform, () => transform.Transform(before, batch));
        return (lattices, Lattice.Aggregate(lattices.Numerator.Cast(type, device), Transformed));
    }

    /// <summary>The parts that are modules, each under its place and name; the second of one name ends in -2.</summary>
    internal IEnumerable<(string Name, torch.nn.Module Module)> NamedModules() =>
        Placed().Where(placed => placed.Part is torch.nn.Module).Select(placed => (placed.Name, (torch.nn.Module)placed.Part));

    /// <summary>The place and name of a part, such as <c>emissions-label-prior</c>; the name alone if it is none of these parts.</summary>
    internal string PlaceOf(IPart part) =>
        Placed().FirstOrDefault(placed => ReferenceEquals(placed.Part, part)).Name ?? PartCalls.Name(part);

    private IEnumerable<(string Name, IPart Part)> Placed()
    {
        (string Place, IEnumerable<IPart> Parts)[] places =
        [
            ("topology", [Topology]), ("decoder", [Decoder]), ("language-model", Languages),
            ("emissions", Emissions), ("lattice", Lattice), ("targets", Targets),
            ("weighting", Weighting), ("auxiliary", Auxiliary),
        ];
        var used = new Dictionary<string, int>();
        foreach ((string place, IEnumerable<IPart> parts) in places)
        {
            foreach (IPart part in parts)
            {
                string name = $"{place}-{PartCalls.Name(part)}";
                int count = used[name] = used.GetValueOrDefault(name) + 1;
                yield return (count == 1 ? name : $"{name}-{count}", part);
            }
        }
    }

    private IEnumerable<IPart> Languages => LanguageModel is { } model ? [model] : [];

    /// <summary>Gets all parts, the topology first, then the decoder and the language model.</summary>
    public IEnumerable<IPart> All => [Topology, Decoder, .. Languages, .. Emissions, .. Lattice, .. Targets, .. Weighting, .. Auxiliary];
}
