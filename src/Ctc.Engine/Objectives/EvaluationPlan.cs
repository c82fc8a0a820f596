using System.Collections.ObjectModel;
using System.Reflection;
using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Fused;

namespace Ctc.Engine.Objectives;

/// <summary>
/// What an objective computes of a batch, and by which recursion. The only place that decides it: evaluations follow it, reports print it.
/// </summary>
public sealed class EvaluationPlan
{
    /// <summary>
    /// The vocabulary size from which a loss that needs the likelihood alone is computed from logits in one pass. With fewer tokens the log-softmax
    /// costs little, and a part at its neutral setting is plain CTC to the last bit.
    /// </summary>
    internal const long LargeVocabulary = 256;

    /// <summary>The number of logits of a batch from which they are computed in chunks.</summary>
    internal const long ManyLogits = 1L << 28;

    private readonly ObjectiveParts parts;
    private readonly Batch? batch;

    private EvaluationPlan(
        ObjectiveParts parts,
        Lattice numerator,
        Lattice? denominator,
        InputKind kind,
        torch.ScalarType type,
        torch.Device device,
        RecursionKind recursion,
        Batch? batch,
        IReadOnlyDictionary<string, EvaluationPlan>? heads)
    {
        (this.parts, this.batch) = (parts, batch);
        Heads = heads ?? ReadOnlyDictionary<string, EvaluationPlan>.Empty;
        WhyNotFused = recursion == RecursionKind.Differentiable
            ? "the differentiable recursion is chosen"
            : FusedRecursion.Refusal(type, device);
        HasDenominator = denominator is not null;
        DifferentiatesByFused = WhyNotFused is null && FusedRecursion.TakesInFull(numerator);
        AllowsOnePass = kind == InputKind.Logits && !parts.ReadLogProbs && denominator is null && WhyNotFused is null;

        WhyNotInChunks = WhyNotFused ?? Readers(parts, numerator, denominator);
    }

    /// <summary>Gets the plan of each head, by its name.</summary>
    /// <value>Empty for an objective without heads, and for a head.</value>
    public IReadOnlyDictionary<string, EvaluationPlan> Heads { get; }

    /// <summary>Gets why the fused recursion does not compute the likelihood of the targets.</summary>
    /// <value>A clause to follow "because"; null if the fused recursion computes it.</value>
    public string? WhyNotFused { get; }

    /// <summary>
    /// Gets whether a quantity through which a gradient flows costs a second pass of the fused recursion, and no recorded operations.
    /// </summary>
    /// <value>False for arcs that are not of at most three fixed lengths.</value>
    public bool DifferentiatesByFused { get; }

    /// <summary>Gets whether the topology has a denominator, the likelihood of all paths.</summary>
    public bool HasDenominator { get; }

    /// <summary>Gets why the fused recursion does not compute the likelihood of the denominator.</summary>
    /// <value>A clause to follow "because"; null if the fused recursion computes it, or if there is no denominator.</value>
    public string? DenominatorWhyNotFused => HasDenominator ? WhyNotFused : null;

    /// <summary>
    /// Gets whether the loss is computed from logits in one pass, without a log-softmax, if the vocabulary has at least
    /// <see cref="Objective.LargeVocabulary"/> tokens.
    /// </summary>
    public bool AllowsOnePass { get; }

    /// <summary>Gets why the loss cannot be computed from hidden states and the last layer in chunks.</summary>
    /// <value>A clause to follow "because"; null if it can.</value>
    public string? WhyNotInChunks { get; }

    /// <summary>Gets the names of the weightings whose weights depend on the model: in chunks they cost a fourth matrix product.</summary>
    /// <value>Found by calls of the parts for the batch of the plan; an evaluation does not read it.</value>
    public IReadOnlyList<string> WeightingsOfModel => batch is null
        ? []
        : [.. parts.Weighting.Where(weighting => weighting.FindWeights(batch) is null).Select(PartCalls.Name)];

    /// <summary>
    /// Gets the quantities that the differentiable recursion computes, whatever computes the likelihood, because a gradient flows through them.
    /// </summary>
    /// <value>Found by reflection at each call; an evaluation does not read it.</value>
    public IReadOnlyList<DifferentiatedQuantity> Differentiated => [.. parts.All.SelectMany(Quantities)];

    internal static EvaluationPlan Create(
        ObjectiveParts parts,
        Lattice numerator,
        Lattice? denominator,
        InputKind kind,
        torch.ScalarType type,
        torch.Device device,
        RecursionKind recursion,
        Batch? batch = null,
        IReadOnlyDictionary<string, EvaluationPlan>? heads = null) =>
        new(parts, numerator, denominator, kind, type, device, recursion, batch, heads);

    // Null if nothing reads more of the logits than the likelihood of the targets.
    private static string? Readers(ObjectiveParts parts, Lattice numerator, Lattice? denominator)
    {
        if (denominator is not null) return "the likelihood of all paths reads all logits";
        if (numerator.Classes is not null) return "the lattice reads classes of tokens";
        IPart[] reading =
        [
            .. parts.Emissions, .. parts.Targets, .. parts.Auxiliary,
            .. parts.Weighting.Where(part => part.GetType().GetCustomAttribute<PartAttribute>() is { Needs: not Needs.None }),
        ];
        if (reading.Length == 0) return null;
        return $"{string.Join(" and ", reading.Select(part => $"'{PartCalls.Name(part)}'").Distinct())} may read all logits";
    }

    private static IEnumerable<DifferentiatedQuantity> Quantities(IPart part)
    {
        if (part.GetType().GetCustomAttribute<PartAttribute>() is not { } declared) return [];
        return from need in new[] { Needs.DifferentiableOccupancy, Needs.Entropy }
            where declared.Needs.HasFlag(need)
            select new DifferentiatedQuantity(need, declared.Name);
    }
}
