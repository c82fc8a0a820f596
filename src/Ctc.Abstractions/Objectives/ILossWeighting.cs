namespace Ctc;

/// <summary>Extension point: weights whole utterances, for example focal CTC.</summary>
public interface ILossWeighting : IPart
{
    /// <summary>Computes the weight of each utterance. Gradients flow through the weight unless the part detaches it.</summary>
    /// <param name="evaluation">The whole batch; the loss to weight is <see cref="Evaluation.Loss"/>.</param>
    /// <returns>[B] weights. Those of infeasible utterances are ignored.</returns>
    Tensor Weigh(Evaluation evaluation);
}
