namespace Ctc;

/// <summary>What a language model scores.</summary>
public enum LanguageUnit
{
    /// <summary>Tokens, by the symbols of the alphabet.</summary>
    Token,

    /// <summary>Words: the joined symbols between two separators.</summary>
    Word,
}
