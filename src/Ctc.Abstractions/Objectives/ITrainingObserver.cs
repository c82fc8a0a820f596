namespace Ctc;

/// <summary>
/// Implemented beside its extension point by a part that learns from training: a prior that follows the model, weights that depend on the
/// training set.
/// </summary>
/// <remarks>
/// <see cref="IEmissionTransform.Transform"/> and the methods of the other points stay pure: a part changes its state here alone. State that
/// must survive a resumption is in buffers: derive from <c>torch.nn.Module</c> and register them in <see cref="Begin"/>; its parameters reach
/// the optimiser.
/// </remarks>
public interface ITrainingObserver
{
    /// <summary>Called once, before the first step or a resumption. Nothing by default.</summary>
    /// <param name="targets">The targets of the training set, without blanks.</param>
    /// <param name="tokens">V, counting the blank.</param>
    void Begin(IReadOnlyList<long[]> targets, long tokens)
    {
    }

    /// <summary>Called after each training batch has been evaluated, without gradient. Nothing by default.</summary>
    /// <param name="evaluation">The batch, as far as the part's declared needs go.</param>
    void Observe(Evaluation evaluation)
    {
    }

    /// <summary>Called after the last step of each epoch. Nothing by default.</summary>
    void EndEpoch()
    {
    }
}
