namespace Ctc.Engine.Objectives;

/// <summary>The loss of each utterance of a batch, by the formula of <see cref="Objective"/>.</summary>
internal static class UtteranceLoss
{
    private static readonly Scalar MinusOne = -1.0;

    /// <summary>Computes base, weights and terms.</summary>
    /// <param name="shared">The batch.</param>
    /// <param name="parts">The parts of the objective or of a head.</param>
    /// <param name="calls">Calls the parts.</param>
    /// <returns>[B]; 0 with gradient 0 where infeasible.</returns>
    public static Tensor Compute(ObjectiveEvaluation shared, ObjectiveParts parts, PartCalls calls)
    {
        Tensor loss = Base(shared, parts);
        foreach (ILossWeighting weighting in parts.Weighting)
        {
            loss = loss * calls.Make(weighting, () => weighting.Weigh(PartEvaluation.For(weighting, shared)));
        }

        double share = parts.Auxiliary.Aggregate(1.0, (product, term) => product * calls.Make(term, () => term.BaseShare(shared.Batch.Progress)));
        loss = Times(loss, share);
        foreach (IAuxiliaryTerm term in parts.Auxiliary)
        {
            loss = loss.Plus(calls.Make(term, () => term.Evaluate(PartEvaluation.For(term, shared))));
        }

        return shared.WhereFeasible(loss);
    }

    /// <summary>Multiplies losses by a factor; by 1 no bit and no operation changes.</summary>
    /// <param name="loss">[B].</param>
    /// <param name="factor">A number without gradient.</param>
    public static Tensor Times(Tensor loss, double factor) => factor == 1 ? loss : loss * torch.tensor(factor, loss.dtype, loss.device);

    private static Tensor Base(ObjectiveEvaluation evaluation, ObjectiveParts parts)
    {
        if (parts.Targets.Count == 0 || evaluation is not BatchEvaluation shared) return evaluation.NegativeLogLikelihood;

        Tensor difference;
        using (torch.no_grad())
        {
            difference = torch.addcmul(shared.Occupancy, shared.Targets.Weights.unsqueeze(2), shared.Targets.Shares, MinusOne);
        }

        Tensor expected = (difference * shared.Scores).sum(-1);
        if (expected.isnan().any().item<bool>()) expected = Evaluation.Expectation(difference, shared.Scores); // 0·(−∞): rare, and more expensive
        return shared.NegativeLogLikelihood.Plus(shared.SumFrames(expected));
    }
}
