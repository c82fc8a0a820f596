namespace Ctc;

/// <summary>
/// Implemented in addition to the extension point by a part that learns from training, for example a prior estimated from the model or weights
/// that depend on the training set.
/// </summary>
/// <remarks>
/// <see cref="IEmissionTransform.Transform"/> and the methods of the other points stay pure: a part changes its state only here. State that
/// must survive a resumption is stored in buffers: derive from <c>torch.nn.Module</c> and register them in <see cref="Begin"/>; the optimiser
/// updates its parameters.
/// </remarks>
public interface ITrainingObserver
{
    /// <summary>Called once, before the first step or a resumption. Does nothing by default.</summary>
    /// <param name="training">The targets, lengths and vocabulary of the training set. Without targets where a trained model only reads.</param>
    void Begin(TrainingSet training)
    {
    }

    /// <summary>Called after each training batch has been evaluated, without gradient. Does nothing by default.</summary>
    /// <param name="evaluation">The batch, restricted to the part's declared needs.</param>
    void Observe(Evaluation evaluation)
    {
    }

    /// <summary>Called after the last step of each epoch. Does nothing by default.</summary>
    void EndEpoch()
    {
    }
}
