namespace Ctc.Engine.Recursions.Fused.Results;

/// <summary>The posterior of a batch: the mass of tokens, arcs, first and last states, without gradient.</summary>
/// <remarks>
/// Autograd returns saved tensors as new handles, so the backward pass passes them to <see cref="Dense"/> and <see cref="Gradients"/> again.
/// </remarks>
internal abstract class FusedPosterior
{
    /// <summary>Gets the occupancies, of the tokens in the lattices only.</summary>
    public Tensor Shares { get; protected init; } = null!;

    /// <summary>Gets how often each arc is taken, the mass of the first states, and that of the last states; each null if not wanted.</summary>
    public Tensor?[] Expectations { get; protected init; } = [];

    /// <summary>Gets all tensors.</summary>
    public IReadOnlyList<Tensor> Tensors => [Shares, .. Expectations.OfType<Tensor>()];

    /// <summary>Computes factor·γ.</summary>
    /// <param name="shares"><see cref="Shares"/>.</param>
    /// <param name="factors">[B], contiguous, of the type of the shares; any number where no path explains the frames.</param>
    /// <returns>[T, B, V]; 0 in padding and in utterances that no path explains.</returns>
    public abstract Tensor Dense(Tensor shares, Tensor factors);

    /// <summary>Computes the expected sum of the token scores of a path: Σ_t Σ_v γ·score.</summary>
    /// <param name="scores">[T, B, V].</param>
    /// <returns>[B] of type float64; 0 in utterances that no path explains.</returns>
    public abstract Tensor ExpectedScore(Tensor scores);

    /// <summary>Computes the gradients of ln Z.</summary>
    /// <param name="tensors"><see cref="Tensors"/>.</param>
    /// <param name="upstream">[B] the incoming gradient; any number where no path explains the frames.</param>
    /// <returns>With respect to scores, arc, initial and final scores; null for those that are not wanted.</returns>
    public Tensor?[] Gradients(IReadOnlyList<Tensor> tensors, Tensor upstream)
    {
        Tensor factors = upstream.contiguous(), dense = Dense(tensors[0], factors);
        if (Expectations.All(expectation => expectation is null)) return [dense, null, null, null];
        Tensor byState = torch.where(Explained(), factors, torch.zeros_like(factors)).unsqueeze(1); // [B, 1]
        var rest = new Queue<Tensor>(tensors.Skip(1));
        return [dense, .. Expectations.Select(expectation => expectation is null ? null : rest.Dequeue() * byState)];
    }

    /// <summary>Returns [B], false where no path explains the frames.</summary>
    protected abstract Tensor Explained();
}
