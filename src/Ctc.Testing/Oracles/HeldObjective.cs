using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;

namespace Ctc.Testing.Oracles;

/// <summary>
/// An objective whose detached quantities are held constant at their values at one point: γ, γ' and ω, and those of a <see cref="HeldTerm"/>.
/// The slopes of its value are the expected gradient of the objective at that point.
/// </summary>
/// <remarks>Infeasible utterances count 0. Its tensors belong to the caller's dispose scope.</remarks>
public sealed class HeldObjective
{
    private readonly ObjectiveParts parts;
    private readonly Batch batch;
    private readonly Tensor? held;

    /// <summary>Evaluates the objective at a point, and stores the values of its detached quantities.</summary>
    /// <param name="parts">The parts of the objective.</param>
    /// <param name="logits">[T, B, V] the point, of type float64. Padding must be finite.</param>
    /// <param name="batch">Targets and lengths.</param>
    public HeldObjective(ObjectiveParts parts, Tensor logits, Batch batch)
        : this(parts, new EncoderOutput(logits), batch)
    {
    }

    /// <inheritdoc cref="HeldObjective(ObjectiveParts, Tensor, Batch)"/>
    /// <param name="output">[T, B, V] logits, and streams, at the point; of type float64. Padding must be finite.</param>
    /// <param name="parts">The parts of the objective.</param>
    /// <param name="batch">Targets and lengths.</param>
    public HeldObjective(ObjectiveParts parts, EncoderOutput output, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(batch);
        Tensor logits = output.Logits, logProbs = logits.log_softmax(2);
        this.batch = batch;
        this.parts = new ObjectiveParts(parts) { Auxiliary = [.. parts.Auxiliary.Select(term => term is HeldTerm some ? some.At(logProbs) : term)] };
        if (parts.Targets.Count == 0) return;

        using var holding = new HeldTargets();
        new Objective(new ObjectiveParts(parts) { Targets = [.. parts.Targets, holding] }, Reduction.Sum, InfeasiblePolicy.Zero)
            .Evaluate(output, batch);

        // γ is that of the scores and the lattice after their transforms.
        Lattice lattice = parts.Lattice.Aggregate(parts.Topology.Build(batch).Numerator, (before, transform) => transform.Transform(before, batch));
        held = Recursion.Occupancy(lattice, Scores(logits), batch.Frames) - (holding.Targets!.Weights.unsqueeze(2) * holding.Targets.Shares);
    }

    /// <summary>
    /// The value with the constants of the point: share · weight · (L + Σ held·y) + terms, each factor from an objective without target transforms.
    /// </summary>
    /// <param name="logits">[T, B, V] near the point.</param>
    /// <returns>The sum over the batch.</returns>
    public Tensor Value(Tensor logits) => Value(new EncoderOutput(logits));

    /// <inheritdoc cref="Value(Tensor)"/>
    /// <param name="output">[T, B, V] logits, and streams, near the point.</param>
    public Tensor Value(EncoderOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Tensor logits = output.Logits;
        Tensor Loss(ObjectiveParts some) =>
            new Objective(new ObjectiveParts(some) { Targets = [] }, Reduction.None, InfeasiblePolicy.Zero).Evaluate(output, batch).Loss;
        if (held is null) return Loss(parts).sum();

        Tensor plain = Loss(new ObjectiveParts(parts) { Weighting = [], Auxiliary = [] });
        Tensor weighed = parts.Weighting.Count == 0 ? plain : Loss(new ObjectiveParts(parts) { Auxiliary = [] });
        Tensor weight = torch.where(plain == 0, torch.zeros_like(plain), weighed / plain);
        Tensor main = weight * (plain + (held * Scores(logits)).sum([0, 2]));
        if (parts.Auxiliary.Count == 0) return main.sum();

        double share = parts.Auxiliary.Aggregate(1.0, (product, term) => product * term.BaseShare(batch.Progress));
        Tensor terms = Loss(new ObjectiveParts(parts) { Weighting = [] }) - (share * plain);
        return ((share * main) + terms).sum();
    }

    private Tensor Scores(Tensor logits) =>
        parts.Emissions.Aggregate(logits.log_softmax(2), (before, transform) => transform.Transform(before, batch));
}
