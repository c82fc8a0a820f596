namespace Ctc;

/// <summary>The posterior over the alignments of a transducer, by place (t, u). The owner disposes it, and with it the tensors.</summary>
/// <param name="blanks">[B, T, U+1].</param>
/// <param name="tokens">[B, T, U+1].</param>
public sealed class TransducerOccupancy(Tensor blanks, Tensor tokens) : IDisposable
{
    /// <summary>Gets the probability that the blank is read in frame t after u tokens: the gradient of ln Z with respect to its score.</summary>
    /// <value>[B, T, U+1]. Its sum over u is 1 in each frame of an utterance; 0 in padding, and where no alignment has a probability.</value>
    public Tensor Blanks { get; } = blanks;

    /// <summary>Gets the probability that token u of the target is emitted in frame t: the gradient of ln Z with respect to its score.</summary>
    /// <value>[B, T, U+1]. Its sum over t is 1 for each token of a target; 0 in padding, and where no alignment has a probability.</value>
    public Tensor Tokens { get; } = tokens;

    /// <inheritdoc/>
    public void Dispose()
    {
        Blanks.Dispose();
        Tokens.Dispose();
    }
}
