namespace Ctc;

/// <summary>An utterance whose tokens are known, and what was read in it.</summary>
/// <param name="reference">The tokens that are there, without blanks.</param>
/// <param name="hypothesis">The tokens that were read, without blanks and added tokens.</param>
/// <param name="alphabet">The symbols of the tokens.</param>
public sealed class DecodedUtterance(long[] reference, long[] hypothesis, Alphabet alphabet)
{
    /// <summary>Gets the tokens that are there, without blanks.</summary>
    public ReadOnlySpan<long> Reference => reference;

    /// <summary>Gets the tokens that were read, without blanks and added tokens.</summary>
    public ReadOnlySpan<long> Hypothesis => hypothesis;

    /// <summary>Gets the symbols of the tokens.</summary>
    public Alphabet Alphabet { get; } = alphabet;
}
