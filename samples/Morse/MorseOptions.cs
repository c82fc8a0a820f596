using System.ComponentModel.DataAnnotations;

namespace Morse;

/// <summary>Options of the data source <c>morse</c>.</summary>
public sealed record MorseOptions
{
    /// <summary>Gets the seed of all words and of their noise. The default is 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Gets the words to learn from.</summary>
    /// <value>1 or more; the default is 600.</value>
    [Range(1, 1_000_000)]
    public int TrainWords { get; init; } = 600;

    /// <summary>Gets the words that choose the best epoch, and as many that are read at the end.</summary>
    /// <value>1 or more; the default is 100.</value>
    [Range(1, 1_000_000)]
    public int TestWords { get; init; } = 100;

    /// <summary>Gets the most letters in a word; each has one or more.</summary>
    /// <value>1 to 20; the default is 5.</value>
    [Range(1, 20)]
    public int MaxLetters { get; init; } = 5;

    /// <summary>Gets how much noise lies on the tone.</summary>
    /// <value>The standard deviation, where the tone is 1 and silence is 0; 0 to 1, the default is 0.2.</value>
    [Range(0.0, 1.0)]
    public double Noise { get; init; } = 0.2;
}
