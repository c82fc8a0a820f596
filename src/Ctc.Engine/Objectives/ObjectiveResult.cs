namespace Ctc.Engine.Objectives;

/// <summary>The loss of one batch. The owner disposes the tensors.</summary>
public sealed class ObjectiveResult : IDisposable
{
    internal ObjectiveResult(Tensor loss, Tensor perUtterance, IReadOnlyList<int> infeasible) =>
        (Loss, PerUtterance, Infeasible) = (loss, perUtterance, infeasible);

    /// <summary>Gets the reduced loss; [B] under the reduction none. Call backward on it.</summary>
    public Tensor Loss { get; }

    /// <summary>Gets [B] the loss of each utterance, after weights and terms and the infeasible policy, before the reduction.</summary>
    public Tensor PerUtterance { get; }

    /// <summary>Gets the positions of the utterances without alignment.</summary>
    public IReadOnlyList<int> Infeasible { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Loss.Dispose();
        PerUtterance.Dispose();
    }
}
