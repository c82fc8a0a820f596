namespace Ctc;

/// <summary>Labels that read several tokens at once. Label V + c of an utterance reads its class c.</summary>
/// <remarks>
/// <para>
/// The score of a class in a frame is the logarithm of a weighted sum over tokens v with scores y:
/// ln( e^Rest · Σ e^{y_v} over the tokens that are not listed + Σ_k e^{y_Tokens[k] + Weights[k]} over those that are ).
/// </para>
/// <para>
/// A star that leaves out its neighbour is one class with one listed token, whatever the size of the vocabulary: it costs as much as a token. A token
/// that a class leaves out is in none of its sums, so nothing cancels, and may be NaN. A class without a possible token has the score −∞.
/// </para>
/// <para>
/// Of the best path, the token of a class is its best token, of the highest score plus weight, the lowest among equals; the score is that of the
/// class. Of a drawn path it is drawn with its share. The occupancy of a class is divided among its tokens by these shares. The entropy is that over
/// states: which token of a class is read does not count.
/// </para>
/// </remarks>
public sealed class TokenClasses
{
    /// <summary>Creates the classes of a batch from tensors, without copying them.</summary>
    /// <param name="rest">[B, C] log-weights of the tokens that are not listed; −∞ if only the listed ones are read.</param>
    /// <param name="tokens">[B, C, K] the listed tokens, each at most once in a class, in [0, V), of type int64; −1 in unused places.</param>
    /// <param name="weights">[B, C, K] log-weights of the listed tokens; −∞ leaves a token out.</param>
    public TokenClasses(Tensor rest, Tensor tokens, Tensor weights) => (Rest, Tokens, Weights) = (rest, tokens, weights);

    /// <summary>Gets [B, C] the log-weights of the tokens that are not listed. They have a gradient if they require one.</summary>
    public Tensor Rest { get; }

    /// <summary>Gets [B, C, K] the listed tokens, of type int64; −1 in unused places.</summary>
    public Tensor Tokens { get; }

    /// <summary>Gets [B, C, K] the log-weights of the listed tokens. They have a gradient if they require one.</summary>
    public Tensor Weights { get; }

    /// <summary>Gets C, the number of classes of the utterance that has most.</summary>
    public long Count => Rest.shape[1];

    /// <summary>The same classes in another floating type or on another device.</summary>
    /// <inheritdoc cref="Arcs.Cast"/>
    /// <returns>Classes whose weights stay in the same gradient graph.</returns>
    public TokenClasses Cast(torch.ScalarType type, torch.Device device) => new(Rest.to(type, device), Tokens.to(device), Weights.to(type, device));
}
