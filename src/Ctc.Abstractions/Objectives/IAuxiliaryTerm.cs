namespace Ctc;

/// <summary>Extension point: adds a term to the loss of each utterance, as a confidence penalty does.</summary>
public interface IAuxiliaryTerm : IPart
{
    /// <summary>The value added to each utterance's loss.</summary>
    /// <param name="evaluation">The whole batch.</param>
    /// <returns>[B] values in nats. Those of infeasible utterances are not read.</returns>
    Tensor Evaluate(Evaluation evaluation);

    /// <summary>The factor by which the term scales the base loss: 1 − α where the paper shares one unit between the two. By default 1.</summary>
    /// <param name="progress">Where training stands.</param>
    /// <returns>A number without gradient.</returns>
    double BaseShare(Progress progress) => 1;
}
