namespace Ctc.Engine.Paths;

/// <summary>The best paths of a batch. The owner disposes it, and with it the tensors.</summary>
/// <param name="score">[B] log-score of the path; −∞ or NaN where there is none.</param>
/// <param name="states">[T, B] the state of each frame, of type int64; −1 in padding and where there is no path.</param>
/// <param name="tokens">[T, B] the token of each frame, of type int64; −1 in padding and where there is no path.</param>
public sealed class ViterbiAlignment(Tensor score, Tensor states, Tensor tokens) : IDisposable
{
    /// <summary>Gets the log-score of each path.</summary>
    /// <value>[B] in nats; −∞ where there is no path, NaN where a score that a path can read is NaN or +∞.</value>
    public Tensor Score { get; } = score;

    /// <summary>Gets the state of each frame.</summary>
    /// <value>[T, B] of type int64; −1 in padding and where there is no path.</value>
    public Tensor States { get; } = states;

    /// <summary>Gets the token of each frame.</summary>
    /// <value>[T, B] of type int64; −1 in padding and where there is no path.</value>
    public Tensor Tokens { get; } = tokens;

    /// <inheritdoc/>
    public void Dispose()
    {
        Score.Dispose();
        States.Dispose();
        Tokens.Dispose();
    }
}
