using System.ComponentModel.DataAnnotations;

namespace Morse;

/// <summary>Options of the data source <c>morse</c>.</summary>
public sealed record MorseOptions
{
    /// <summary>Gets the seed of all words and of their noise. The default is 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Gets the number of words for training.</summary>
    /// <value>1 or more; the default is 600.</value>
    [Range(1, 1_000_000)]
    public int TrainWords { get; init; } = 600;

    /// <summary>Gets the number of words in the dev set, and in the test set.</summary>
    /// <value>1 or more; the default is 100.</value>
    [Range(1, 1_000_000)]
    public int TestWords { get; init; } = 100;

    /// <summary>Gets the largest number of letters in a word; the smallest is 1.</summary>
    /// <value>1 to 20; the default is 5.</value>
    [Range(1, 20)]
    public int MaxLetters { get; init; } = 5;

    /// <summary>Gets the noise on the tone.</summary>
    /// <value>The standard deviation, where the tone is 1 and silence is 0; 0 to 1, the default is 0.2.</value>
    [Range(0.0, 1.0)]
    public double Noise { get; init; } = 0.2;
}
