namespace Ctc;

/// <summary>Extension point: weighs whole utterances, as focal CTC does.</summary>
public interface ILossWeighting : IPart
{
    /// <summary>Weighs each utterance. Gradients flow through the weight unless the part detaches it.</summary>
    /// <param name="evaluation">The whole batch; <see cref="Evaluation.Loss"/> is what a weighting looks at.</param>
    /// <returns>[B] weights. Those of infeasible utterances are not read.</returns>
    Tensor Weigh(Evaluation evaluation);
}
