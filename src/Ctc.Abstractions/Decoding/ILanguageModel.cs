namespace Ctc;

/// <summary>Extension point: how likely a sequence of tokens or words is, without input. A decoder combines it with a model's output.</summary>
/// <remarks>
/// A state is what the model remembers of a sentence so far; equal states have equal probabilities from there on. All members are pure functions,
/// called from several threads at once.
/// </remarks>
public interface ILanguageModel : IPart
{
    /// <summary>Gets what the model scores: tokens, or words.</summary>
    LanguageUnit Unit { get; }

    /// <summary>Gets the state after the start of a sentence.</summary>
    int Start { get; }

    /// <summary>Finds a unit by its text.</summary>
    /// <param name="unit">The symbol of a token, or a word.</param>
    /// <returns>Its number, 0 or more; −1 if the model does not know it.</returns>
    int IndexOf(string unit);

    /// <summary>Returns the probability of a unit after what came before.</summary>
    /// <param name="state"><see cref="Start"/>, or a state that this method returned.</param>
    /// <param name="unit">The number of a unit; −1 for any that the model does not know.</param>
    /// <param name="after">The state after the unit.</param>
    /// <returns>The natural logarithm of the probability: 0 or less, −∞ allowed.</returns>
    double LogProbability(int state, int unit, out int after);

    /// <summary>Returns the probability that the sentence ends.</summary>
    /// <param name="state"><see cref="Start"/>, or a state that <see cref="LogProbability"/> returned.</param>
    /// <returns>The natural logarithm of the probability: 0 or less, −∞ allowed. A model without ends of sentences returns 0.</returns>
    double LogProbabilityOfEnd(int state);
}
