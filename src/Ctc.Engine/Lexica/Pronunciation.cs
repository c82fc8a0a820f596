namespace Ctc.Engine.Lexica;

/// <summary>One way to read a word: the symbols that stand for it.</summary>
/// <param name="word">The word as targets have it.</param>
/// <param name="symbols">One symbol or more.</param>
/// <param name="weight">Above 0, at most 1, such as the probability of this pronunciation of the word.</param>
public sealed class Pronunciation(string word, IReadOnlyList<string> symbols, double weight = 1)
{
    /// <summary>Gets the word as targets have it.</summary>
    public string Word { get; } = word;

    /// <summary>Gets the symbols, one or more.</summary>
    public IReadOnlyList<string> Symbols { get; } = [.. symbols];

    /// <summary>Gets the weight.</summary>
    /// <value>Above 0, at most 1. Its logarithm is added to the score of a path.</value>
    public double Weight { get; } = weight;
}
