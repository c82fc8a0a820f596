namespace Ctc.Hosting;

/// <summary>An extension point: an interface of the contract that parts implement, and where an experiment names such parts.</summary>
/// <remarks>
/// <see cref="All"/> is the only list of them. Composition, the keys of an experiment, <c>ctc explain</c>, <c>ctc plugins</c> and the checks of
/// a part derive from it.
/// </remarks>
public sealed class ExtensionPoint
{
    /// <summary>The section of an experiment in which the parts of an objective are named.</summary>
    public const string ObjectiveSection = "objective";

    /// <summary>The section of an experiment in which the parts of training are named.</summary>
    public const string TrainSection = "train";

    /// <summary>The section of an experiment in which a sweep and its launcher are described.</summary>
    public const string SweepSection = "sweep";

    private ExtensionPoint(Type point, string noun, string key) => (Interface, Noun, Key) = (point, noun, key);

    /// <summary>Gets all extension points, in the order in which an experiment names them.</summary>
    public static IReadOnlyList<ExtensionPoint> All { get; } =
    [
        new(typeof(IDataSource), "data source", "data") { Selector = "source" },
        new(typeof(IDataTransform), "data transform", "transforms") { IsList = true },
        new(typeof(IEncoder), "encoder", "model") { Selector = "encoder" },
        new(typeof(ITopology), "topology", "topology") { Role = ObjectiveRole.Likelihood, Symbol = "L", Default = ["ctc"] },
        new(typeof(IEmissionTransform), "emission transform", "emissions") { Role = ObjectiveRole.Likelihood, Symbol = "y", IsList = true },
        new(typeof(ILatticeTransform), "lattice transform", "lattice") { Role = ObjectiveRole.Likelihood, Symbol = "arcs", IsList = true },
        new(typeof(ITargetTransform), "target transform", "targets") { Role = ObjectiveRole.Gradient, Symbol = "γ', ω", IsList = true },
        new(typeof(ILossWeighting), "loss weighting", "weighting") { Role = ObjectiveRole.Factor, Symbol = "w", IsList = true },
        new(typeof(IAuxiliaryTerm), "auxiliary term", "auxiliary") { Role = ObjectiveRole.Summand, Symbol = "a", IsList = true },
        new(typeof(IDecoder), "decoder", "decoder") { Section = ObjectiveSection, Default = ["best-path"] },
        new(typeof(ILanguageModel), "language model", "language-model") { Section = ObjectiveSection, IsOptional = true },
        new(typeof(IOptimizer), "optimizer", "optimizer") { Section = TrainSection, Default = ["adamw"] },
        new(typeof(ISchedule), "schedule", "schedule") { Section = TrainSection, IsOption = true },
        new(typeof(IAugmentation), "augmentation", "augment") { Section = TrainSection, IsList = true },
        new(typeof(IMetric), "metric", "metrics") { IsList = true, Default = ["token-error-rate", "exact-match"] },
        new(typeof(ILauncher), "launcher", "launcher") { Section = SweepSection, IsOptional = true },
    ];

    /// <summary>Gets the interface that a part implements.</summary>
    public Type Interface { get; }

    /// <summary>Gets the noun for its parts in messages.</summary>
    public string Noun { get; }

    /// <summary>Gets the YAML key of its part, or of its list of parts.</summary>
    public string Key { get; }

    /// <summary>Gets the role of its parts in the objective.</summary>
    /// <value>Null, the default, for extension points outside the objective.</value>
    public ObjectiveRole? Role
    {
        get;
        private init => (field, Section) = (value, ObjectiveSection);
    }

    /// <summary>Gets the letter of its parts in the formula of the objective; empty outside the objective.</summary>
    public string Symbol { get; private init; } = "";

    /// <summary>Gets whether an experiment names a list of parts, <c>[ name, { name: { option: value } } ]</c>, and not exactly one.</summary>
    public bool IsList { get; private init; }

    /// <summary>Gets whether an experiment may name no part: the key is missing, or <c>none</c>.</summary>
    public bool IsOptional { get; private init; }

    /// <summary>Gets whether its parts are values of options: of the key, and of every option of type <see cref="Schedule"/>.</summary>
    public bool IsOption { get; private init; }

    /// <summary>Gets the key that names the part beside its options; null if the part is written <c>{ name: { option: value } }</c>.</summary>
    public string? Selector { get; private init; }

    /// <summary>Gets the names of the parts that are used if the key is missing: at most one, unless a list is named; none by default.</summary>
    public IReadOnlyList<string> Default { get; private init; } = [];

    /// <summary>Gets the section of an experiment that has the key; empty at the top level.</summary>
    public string Section { get; private init; } = "";

    /// <summary>Gets the keys that lead to its parts, joined by a dot: <c>objective.targets</c>.</summary>
    public string Path => Section.Length == 0 ? Key : $"{Section}.{Key}";

    /// <summary>Finds the extension point of an interface.</summary>
    /// <param name="point">One of the interfaces.</param>
    /// <returns>Its description.</returns>
    public static ExtensionPoint From(Type point) => All.First(candidate => candidate.Interface == point);
}

/// <summary>The role of a part in the objective Π share · Π w · base + Σ a.</summary>
public enum ObjectiveRole
{
    /// <summary>It determines the likelihood L: paths, or their scores.</summary>
    Likelihood,

    /// <summary>It determines the gradient of the base; without such a part the base is L.</summary>
    Gradient,

    /// <summary>It is a factor of the loss of an utterance.</summary>
    Factor,

    /// <summary>It is added to the loss of an utterance.</summary>
    Summand,
}
