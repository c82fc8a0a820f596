using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Hosting;

namespace Ctc.Configuration.Schema;

/// <summary>What is minimised: the section <c>objective</c>. Without any key it is plain CTC.</summary>
public sealed record ObjectiveConfiguration
{
    /// <summary>Gets the rule by which a target may be spread over frames.</summary>
    /// <value>A topology; the default is ctc with its defaults.</value>
    [AtPoint(typeof(ITopology), Default = "ctc")]
    public required PartChoice Topology { get; init; }

    /// <summary>Gets what changes the scores before the lattice sees them, in this order.</summary>
    /// <value>Emission transforms; none by default.</value>
    [AtPoint(typeof(IEmissionTransform))]
    public IReadOnlyList<PartChoice> Emissions { get; init; } = [];

    /// <summary>Gets what rescores the arcs of the lattice, in this order.</summary>
    /// <value>Lattice transforms; none by default.</value>
    [AtPoint(typeof(ILatticeTransform))]
    public IReadOnlyList<PartChoice> Lattice { get; init; } = [];

    /// <summary>Gets what changes the targets of each frame, in this order.</summary>
    /// <value>Target transforms; none by default.</value>
    [AtPoint(typeof(ITargetTransform))]
    public IReadOnlyList<PartChoice> Targets { get; init; } = [];

    /// <summary>Gets what weighs whole utterances; the weights multiply.</summary>
    /// <value>Loss weightings; none by default.</value>
    [AtPoint(typeof(ILossWeighting))]
    public IReadOnlyList<PartChoice> Weighting { get; init; } = [];

    /// <summary>Gets what is added to the loss.</summary>
    /// <value>Auxiliary terms; none by default.</value>
    [AtPoint(typeof(IAuxiliaryTerm))]
    public IReadOnlyList<PartChoice> Auxiliary { get; init; } = [];

    /// <summary>Gets how the losses of a batch become one number.</summary>
    /// <value>
    /// none, sum, mean, mean-utterance, mean-token or mean-frame; the default is mean-utterance. An experiment cannot train with none.
    /// </value>
    public Reduction Reduction { get; init; } = Reduction.MeanUtterance;

    /// <summary>Gets what becomes of utterances that no alignment fits.</summary>
    /// <value>error, zero, drop or inf; the default is error. An experiment cannot train with inf.</value>
    public InfeasiblePolicy Infeasible { get; init; } = InfeasiblePolicy.Error;

    /// <summary>Gets all parts, the topology first.</summary>
    public IEnumerable<PartChoice> Parts => [Topology, .. Emissions, .. Lattice, .. Targets, .. Weighting, .. Auxiliary];

    /// <summary>Creates the parts and composes them.</summary>
    /// <param name="recursion">Who walks through the lattices; by default the fastest that can.</param>
    /// <returns>An objective, which owns its parts.</returns>
    /// <exception cref="PluginException">A part's constructor failed.</exception>
    public Objective Create(RecursionKind recursion = RecursionKind.Auto)
    {
        var parts = new ObjectiveParts
        {
            Topology = Topology.Create<ITopology>(),
            Emissions = [.. Emissions.Select(part => part.Create<IEmissionTransform>())],
            Lattice = [.. Lattice.Select(part => part.Create<ILatticeTransform>())],
            Targets = [.. Targets.Select(part => part.Create<ITargetTransform>())],
            Weighting = [.. Weighting.Select(part => part.Create<ILossWeighting>())],
            Auxiliary = [.. Auxiliary.Select(part => part.Create<IAuxiliaryTerm>())],
        };
        return new Objective(parts, Reduction, Infeasible, recursion);
    }

    /// <summary>Reads an objective that stands alone, without an experiment around it.</summary>
    /// <param name="text">YAML or JSON: a mapping of the keys above.</param>
    /// <param name="name">What messages call the text.</param>
    /// <param name="baseFolder">What relative paths in it are relative to.</param>
    /// <param name="catalog">The parts that it can name.</param>
    /// <returns>The objective; its reduction may be none.</returns>
    /// <exception cref="ConfigurationException">The text is no such mapping, or something in it is unknown or out of range.</exception>
    public static ObjectiveConfiguration Parse(string text, string name, string baseFolder, PartCatalog catalog)
    {
        YamlMapping mapping = ExperimentFile.Mapping(text, name);
        return (ObjectiveConfiguration)new Binder(catalog, Path.GetFullPath(baseFolder)).Record(mapping, typeof(ObjectiveConfiguration), "objective");
    }
}
