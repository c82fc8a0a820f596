namespace Ctc;

/// <summary>Extension point: adds a term to the loss of each utterance, for example a confidence penalty.</summary>
public interface IAuxiliaryTerm : IPart
{
    /// <summary>The value added to each utterance's loss.</summary>
    /// <param name="evaluation">The whole batch.</param>
    /// <returns>[B] values in nats. Those of infeasible utterances are ignored.</returns>
    Tensor Evaluate(Evaluation evaluation);

    /// <summary>The factor on the base loss, for example 1 − α in (1 − α)L + α · term. By default 1.</summary>
    /// <param name="progress">The progress of training.</param>
    /// <returns>A number without gradient.</returns>
    double BaseShare(Progress progress) => 1;
}
