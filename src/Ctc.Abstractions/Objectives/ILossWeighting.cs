namespace Ctc;

/// <summary>Extension point: weights whole utterances, for example focal CTC.</summary>
public interface ILossWeighting : IPart
{
    /// <summary>Computes the weight of each utterance. Gradients flow through the weight unless the part detaches it.</summary>
    /// <param name="evaluation">The whole batch; the loss to weight is <see cref="Evaluation.Loss"/>.</param>
    /// <returns>[B] weights. Those of infeasible utterances are ignored.</returns>
    Tensor Weigh(Evaluation evaluation);

    /// <summary>Finds the weights of utterances, if these depend on the batch alone and not on what the model computes.</summary>
    /// <remarks>
    /// A loss from hidden states computes its gradient with these weights in one pass; without them the logits are computed twice. The loss is
    /// weighted by <see cref="Weigh"/> in any case.
    /// </remarks>
    /// <param name="batch">The whole batch.</param>
    /// <returns>B weights, those of <see cref="Weigh"/>; null, the default, if they depend on the model.</returns>
    IReadOnlyList<double>? FindWeights(Batch batch) => null;
}
