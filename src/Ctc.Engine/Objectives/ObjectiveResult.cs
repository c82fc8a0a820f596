namespace Ctc.Engine.Objectives;

/// <summary>What an objective makes of one batch. The owner disposes the tensors.</summary>
/// <param name="Loss">The reduced loss; [B] under the reduction none. Call backward on it.</param>
/// <param name="PerUtterance">[B] the loss of each utterance, after weights and terms and the infeasible policy, before the reduction.</param>
/// <param name="Infeasible">The positions of the utterances that have no alignment.</param>
public sealed record ObjectiveResult(Tensor Loss, Tensor PerUtterance, IReadOnlyList<int> Infeasible) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Loss.Dispose();
        PerUtterance.Dispose();
    }
}
