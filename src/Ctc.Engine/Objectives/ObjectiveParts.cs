using Ctc.Engine.Topologies;

namespace Ctc.Engine.Objectives;

/// <summary>The parts of which an objective is composed. Without any it is plain CTC.</summary>
public sealed record ObjectiveParts
{
    /// <summary>Gets the topology; by default CTC's.</summary>
    public ITopology Topology { get; init; } = new CtcTopology();

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

    /// <summary>
    /// Gets whether the loss is made of log-probabilities as well, and not of the likelihood alone: then it pays to have them. Weightings may look at them all the same.
    /// </summary>
    internal bool ReadLogProbs => Emissions.Count + Targets.Count + Auxiliary.Count > 0;

    /// <summary>Gets all parts, the topology first.</summary>
    public IEnumerable<IPart> All => [Topology, .. Emissions, .. Lattice, .. Targets, .. Weighting, .. Auxiliary];
}
