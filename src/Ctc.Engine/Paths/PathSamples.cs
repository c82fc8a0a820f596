namespace Ctc.Engine.Paths;

/// <summary>Paths sampled for each utterance of a batch. The owner disposes it, and with it the tensors.</summary>
/// <param name="states">[k, T, B] the state of each frame, of type int64; −1 in padding and where there is no path.</param>
/// <param name="tokens">[k, T, B] the token of each frame, of type int64; −1 in padding and where there is no path.</param>
public sealed class PathSamples(Tensor states, Tensor tokens) : IDisposable
{
    /// <summary>Gets the state of each frame.</summary>
    /// <value>[k, T, B] of type int64; −1 in padding and where there is no path.</value>
    public Tensor States { get; } = states;

    /// <summary>Gets the token of each frame.</summary>
    /// <value>[k, T, B] of type int64; −1 in padding and where there is no path.</value>
    public Tensor Tokens { get; } = tokens;

    /// <inheritdoc/>
    public void Dispose()
    {
        States.Dispose();
        Tokens.Dispose();
    }
}
