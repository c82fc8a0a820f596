namespace Ctc.Engine.Objectives;

/// <summary>A loss composed of parts around one lattice. Without parts, plain CTC.</summary>
/// <remarks>
/// <para>How values combine, for each utterance:</para>
/// <code>
/// base  = L + Σ_t Σ_v (γ − ω_t γ')·y        γ, γ', ω without gradient: at γ' = γ, ω = 1 this is L to the last bit
/// loss  = Π base shares · Π weights · base + Σ auxiliary terms
/// </code>
/// <para>
/// The gradient of base with respect to the scores y is −ωγ': training goes towards the transformed targets. Weightings look at the
/// likelihood and never at base, which may be negative. Infeasible utterances follow the policy, applied last; their gradient is 0.
/// </para>
/// </remarks>
/// <param name="parts">Disposed with the objective where they can be.</param>
/// <param name="reduction">By default the mean over utterances.</param>
/// <param name="infeasible">By default an error.</param>
public sealed class Objective(
    ObjectiveParts parts,
    Reduction reduction = Reduction.MeanUtterance,
    InfeasiblePolicy infeasible = InfeasiblePolicy.Error) : IDisposable
{
    /// <summary>Gets the rule by which targets are spread over frames.</summary>
    public ITopology Topology => parts.Topology;

    /// <summary>Gets what becomes of utterances that have no alignment.</summary>
    public InfeasiblePolicy Infeasible => infeasible;

    /// <summary>The loss of a batch, joined to autograd.</summary>
    /// <param name="logits">[T, B, V] what the model says, before any softmax; float16 and bfloat16 are computed in float32. Padding may hold anything.</param>
    /// <param name="batch">Targets and lengths.</param>
    /// <returns>The loss. Its tensors belong to the caller, or to the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">Logits and batch do not fit each other.</exception>
    /// <exception cref="InfeasibleException">An utterance has no alignment and the policy is <see cref="InfeasiblePolicy.Error"/>.</exception>
    public ObjectiveResult Evaluate(Tensor logits, Batch batch)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var shared = new BatchEvaluation(parts, logits, batch);
        IReadOnlyList<int> outside = shared.Infeasible;
        if (outside.Count > 0 && infeasible == InfeasiblePolicy.Error) throw InfeasibleException.Of(batch, outside, Topology);

        Tensor loss = Base(shared);
        foreach (ILossWeighting weighting in parts.Weighting) loss = loss * weighting.Weigh(DeclaredEvaluation.For(weighting, shared));
        double share = parts.Auxiliary.Aggregate(1.0, (product, term) => product * term.BaseShare(batch.Progress));
        if (share != 1) loss = loss * torch.tensor(share, loss.dtype, loss.device);
        foreach (IAuxiliaryTerm term in parts.Auxiliary) loss = loss + term.Evaluate(DeclaredEvaluation.For(term, shared));

        loss = shared.WhereFeasible(loss);
        Tensor reduced = Reductions.Reduce(loss, batch, reduction, without: infeasible == InfeasiblePolicy.Drop ? outside : []);
        if (infeasible == InfeasiblePolicy.Inf && outside.Count > 0)
        {
            loss = loss.masked_fill(shared.Feasible.logical_not(), double.PositiveInfinity);
            reduced = reduction == Reduction.None ? loss : reduced + double.PositiveInfinity;
        }

        return new ObjectiveResult(
            reduced.MoveToOuterDisposeScope(),
            (ReferenceEquals(loss, reduced) ? loss.alias() : loss).MoveToOuterDisposeScope(),
            outside);
    }

    /// <summary>What the lattice says of a batch, for drawing and measuring: likelihoods, occupancy without gradient, Viterbi path.</summary>
    /// <inheritdoc cref="Evaluate"/>
    /// <returns>Quantities that are computed when asked for. The tensors belong to the caller's dispose scope: open one.</returns>
    public Evaluation Inspect(Tensor logits, Batch batch) => new BatchEvaluation(parts, logits, batch);

    /// <inheritdoc/>
    public void Dispose()
    {
        IEnumerable<IPart> all = [parts.Topology, .. parts.Emissions, .. parts.Lattice, .. parts.Targets, .. parts.Weighting, .. parts.Auxiliary];
        foreach (IDisposable part in all.OfType<IDisposable>()) part.Dispose();
    }

    private Tensor Base(BatchEvaluation shared)
    {
        if (parts.Targets.Count == 0) return shared.NegativeLogLikelihood;

        Tensor difference;
        using (torch.no_grad())
        {
            Tensor valid = shared.Mask.logical_and(shared.Feasible.unsqueeze(0)); // [T, B]
            FrameTargets Valid(FrameTargets targets) => new(
                torch.where(valid.unsqueeze(2), targets.Shares, torch.zeros_like(targets.Shares)),
                torch.where(valid, targets.Weights, torch.zeros_like(targets.Weights)));

            FrameTargets targets = Valid(new FrameTargets(shared.Occupancy, torch.ones_like(shared.Mask, shared.Scores.dtype)));
            foreach (ITargetTransform transform in parts.Targets) targets = Valid(transform.Transform(targets, DeclaredEvaluation.For(transform, shared)));
            difference = shared.Occupancy - (targets.Weights.unsqueeze(2) * targets.Shares);
        }

        return shared.NegativeLogLikelihood + shared.SumFrames(Evaluation.Expectation(difference, shared.Scores));
    }
}
