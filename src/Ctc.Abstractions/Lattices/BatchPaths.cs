namespace Ctc;

/// <summary>Paths of each utterance of a batch: the best ones, or random ones.</summary>
/// <param name="states">[k, T, B] the state of each frame, of type int64; null if the paths are not those of a lattice.</param>
/// <param name="tokens">[k, T, B] the token of each frame, of type int64.</param>
/// <param name="scores">[k, B] the log-score of each path, without gradient.</param>
public sealed class BatchPaths(Tensor? states, Tensor tokens, Tensor scores)
{
    /// <summary>Gets the state of each frame; null if the paths are not those of a lattice.</summary>
    /// <value>[k, T, B] of type int64; −1 in padding and where there is no path.</value>
    public Tensor? States { get; } = states;

    /// <summary>Gets the token of each frame; of a class its best token.</summary>
    /// <value>[k, T, B] of type int64; −1 in padding and where there is no path.</value>
    public Tensor Tokens { get; } = tokens;

    /// <summary>Gets the log-score of each path.</summary>
    /// <value>[k, B] in nats, without gradient; −∞ where there is no path.</value>
    public Tensor Scores { get; } = scores;
}
