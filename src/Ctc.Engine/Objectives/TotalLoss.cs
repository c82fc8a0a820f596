namespace Ctc.Engine.Objectives;

/// <summary>The loss of a batch: that of the objective itself and those of its heads, under the infeasible policy, reduced.</summary>
/// <param name="weight">The factor on the loss of the objective itself.</param>
/// <param name="heads">The heads with their names.</param>
/// <param name="reduction">The reduction of the total.</param>
/// <param name="policy">The policy for utterances without alignment.</param>
internal sealed class TotalLoss(
    Schedule weight, IReadOnlyList<(string Name, ObjectiveHead Head)> heads, Reduction reduction, InfeasiblePolicy policy)
{
    /// <summary>Computes the total, by the formula of <see cref="Objective"/>.</summary>
    /// <param name="shared">The batch in the objective itself.</param>
    /// <param name="ofHeads">The batch in each head.</param>
    /// <param name="calls">Calls the parts.</param>
    /// <returns>Tensors of the current dispose scope.</returns>
    /// <exception cref="InfeasibleException">An utterance has no alignment and the policy is <see cref="InfeasiblePolicy.Error"/>.</exception>
    public ObjectiveResult Compute(ObjectiveEvaluation shared, IReadOnlyList<BatchEvaluation> ofHeads, PartCalls calls)
    {
        Batch batch = shared.Batch;
        IReadOnlyList<int> outside = shared.Infeasible;
        if (policy == InfeasiblePolicy.Error) RefuseInfeasible(shared, ofHeads);
        Tensor loss = UtteranceLoss.Times(UtteranceLoss.Compute(shared, shared.Settings.Parts, calls), weight.At(batch.Progress));
        Tensor endless = shared.Feasible.logical_not(); // of loss +∞ under the policy inf
        var results = new List<HeadResult>();
        foreach (((string name, ObjectiveHead head), BatchEvaluation evaluation) in heads.Zip(ofHeads))
        {
            double factor = head.Weight.At(batch.Progress);
            Tensor own = UtteranceLoss.Compute(evaluation, head.Parts, calls);
            loss = loss.Plus(UtteranceLoss.Times(own, factor));
            if (factor != 0) endless = endless.logical_or(evaluation.Feasible.logical_not());
            results.Add(Result(name, factor, own, evaluation));
        }

        IReadOnlyList<int> without = Dropped(shared);
        if (without.Count > 0 && heads.Count > 0) loss = shared.WhereFeasible(loss);
        Tensor reduced = Reductions.Reduce(loss, batch, reduction, without);
        if (policy == InfeasiblePolicy.Inf && endless.any().item<bool>())
        {
            loss = loss.masked_fill(endless, Scalars.PositiveInfinity);
            reduced = reduction == Reduction.None ? loss : reduced.add(Scalars.PositiveInfinity, Scalars.One);
        }

        return new ObjectiveResult(
            reduced,
            ReferenceEquals(loss, reduced) ? loss.alias() : loss,
            outside,
            Reductions.Count(batch, reduction, without),
            results);
    }

    // The exception explains the first place where utterances have no alignment, and lists those of all places.
    private void RefuseInfeasible(ObjectiveEvaluation shared, IReadOnlyList<BatchEvaluation> ofHeads)
    {
        int[] union = [.. ofHeads.Prepend(shared).SelectMany(evaluation => evaluation.Infeasible).Distinct().Order()];
        ITopology topology = shared.Settings.Parts.Topology;
        if (shared.Infeasible.Count > 0) throw new InfeasibleException(shared.Batch, shared.Infeasible, topology, head: null, union);
        foreach (((string name, ObjectiveHead head), BatchEvaluation own) in heads.Zip(ofHeads))
        {
            if (own.Infeasible.Count > 0) throw new InfeasibleException(own.Batch, own.Infeasible, head.Parts.Topology, name, union);
        }
    }

    private HeadResult Result(string name, double factor, Tensor losses, BatchEvaluation head)
    {
        using var withoutGradient = torch.no_grad();
        IReadOnlyList<int> without = Dropped(head);
        Tensor reduced = Reductions.Reduce(losses.detach(), head.Batch, reduction, without);
        return new HeadResult(name, factor, reduced, head.Infeasible, Reductions.Count(head.Batch, reduction, without));
    }

    private IReadOnlyList<int> Dropped(ObjectiveEvaluation evaluation) => policy == InfeasiblePolicy.Drop ? evaluation.Infeasible : [];
}
