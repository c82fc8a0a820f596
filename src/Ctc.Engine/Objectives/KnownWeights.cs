namespace Ctc.Engine.Objectives;

/// <summary>The factors of the losses of utterances in the reduced loss, if they are known before the loss.</summary>
internal static class KnownWeights
{
    /// <summary>Finds the factors, up to one that all have in common.</summary>
    /// <param name="weightings">The weightings of the objective.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="reduction">The reduction; under none the losses are taken to be summed.</param>
    /// <param name="calls">Calls the parts.</param>
    /// <returns>B numbers; null if a weighting depends on the model.</returns>
    /// <exception cref="PartException">A weighting finds another number of weights.</exception>
    public static double[]? Find(IReadOnlyList<ILossWeighting> weightings, Batch batch, Reduction reduction, PartCalls calls)
    {
        double[] known = [.. batch.Targets.Select(target => reduction == Reduction.Mean ? 1.0 / Math.Max(target.Length, 1) : 1)];
        foreach (ILossWeighting weighting in weightings)
        {
            if (calls.Make(weighting, () => weighting.FindWeights(batch)) is not { } own) return null;
            if (own.Count != batch.Size)
            {
                throw new PartException(PartCalls.Name(weighting), $"it finds {own.Count} weights; expected {batch.Size}, one for each utterance");
            }

            for (int b = 0; b < known.Length; b++) known[b] *= own[b];
        }

        return known;
    }
}
