namespace Ctc.Engine.Objectives;

/// <summary>The loss of one batch. The owner disposes the tensors.</summary>
public sealed class ObjectiveResult : IDisposable
{
    internal ObjectiveResult(Tensor loss, Tensor perUtterance, IReadOnlyList<int> infeasible, long counted, IReadOnlyList<HeadResult> heads) =>
        (Loss, PerUtterance, Infeasible, Counted, Heads) = (loss, perUtterance, infeasible, counted, heads);

    /// <summary>Gets the reduced loss; [B] under the reduction none. Call backward on it.</summary>
    public Tensor Loss { get; }

    /// <summary>Gets [B] the loss of each utterance, after weights and terms and the infeasible policy, before the reduction.</summary>
    public Tensor PerUtterance { get; }

    /// <summary>Gets the positions of the utterances without alignment; heads have their own.</summary>
    public IReadOnlyList<int> Infeasible { get; }

    /// <summary>
    /// Gets the number by which the reduction divides: of utterances, tokens or frames that count; 1 for a sum. 0 where every utterance is dropped:
    /// then the loss is 0 and says nothing. The mean over several batches is that of their losses, weighted by this number.
    /// </summary>
    public long Counted { get; }

    /// <summary>Gets the loss of each head, in their order.</summary>
    public IReadOnlyList<HeadResult> Heads { get; }

    /// <summary>Moves the tensors out of the current dispose scope.</summary>
    internal ObjectiveResult MoveToOuterDisposeScope()
    {
        foreach (HeadResult head in Heads) head.Loss.MoveToOuterDisposeScope();
        Loss.MoveToOuterDisposeScope();
        PerUtterance.MoveToOuterDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (HeadResult head in Heads) head.Loss.Dispose();
        Loss.Dispose();
        PerUtterance.Dispose();
    }
}
