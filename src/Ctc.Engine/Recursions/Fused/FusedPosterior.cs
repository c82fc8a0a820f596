namespace Ctc.Engine.Recursions.Fused;

/// <summary>How the mass of each utterance of a batch lies on tokens, arcs, first and last states, as numbers without gradient.</summary>
/// <remarks>It knows its tensors by their handles; where autograd kept them, the same ones come back under other handles.</remarks>
internal abstract class FusedPosterior
{
    /// <summary>Gets the occupancies of the tokens that the lattices read, and of no others.</summary>
    public Tensor Shares { get; protected init; } = null!;

    /// <summary>Gets how often each arc is taken, the mass of the first states, and that of the last; null where nobody asks.</summary>
    public Tensor?[] Expectations { get; protected init; } = [];

    /// <summary>Gets all tensors.</summary>
    public IReadOnlyList<Tensor> Tensors => [Shares, .. Expectations.OfType<Tensor>()];

    /// <summary>factor·γ, or factor·(γ − p).</summary>
    /// <param name="shares"><see cref="Shares"/>.</param>
    /// <param name="factors">[B], contiguous, of the type of the shares; anything where no path explains the frames.</param>
    /// <param name="softmax">p, where it is to be taken off.</param>
    /// <returns>[T, B, V]; 0 in padding and in utterances that no path explains.</returns>
    public abstract Tensor Dense(Tensor shares, Tensor factors, Softmax? softmax = null);

    /// <summary>How the scores of the tokens are spread over the paths: Σ_t Σ_v γ·score.</summary>
    /// <param name="scores">[T, B, V].</param>
    /// <returns>[B] of type float64; 0 in utterances that no path explains.</returns>
    public abstract Tensor ExpectedScore(Tensor scores);

    /// <summary>The gradients of ln Z with respect to scores, arcs', initial and final scores.</summary>
    /// <param name="tensors"><see cref="Tensors"/>.</param>
    /// <param name="upstream">[B] the incoming gradient; anything where no path explains the frames.</param>
    /// <param name="softmax">Of the scores, where these are logits.</param>
    public Tensor?[] Gradients(IReadOnlyList<Tensor> tensors, Tensor upstream, Softmax? softmax)
    {
        Tensor factors = upstream.contiguous(), dense = Dense(tensors[0], factors, softmax);
        if (Expectations.All(expectation => expectation is null)) return [dense, null, null, null];
        Tensor byState = torch.where(Explained(), factors, torch.zeros_like(factors)).unsqueeze(1); // [B, 1]
        var rest = new Queue<Tensor>(tensors.Skip(1));
        return [dense, .. Expectations.Select(expectation => expectation is null ? null : rest.Dequeue() * byState)];
    }

    /// <summary>[B], false where no path explains the frames.</summary>
    protected abstract Tensor Explained();
}
