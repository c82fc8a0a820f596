using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>What is done to a text before it is split into symbols.</summary>
/// <param name="Form">The form to which everything is converted.</param>
internal readonly record struct TextRules(UnicodeForm Form)
{
    /// <summary>Gets what becomes of white space.</summary>
    public WhiteSpace WhiteSpace { get; init; }

    /// <summary>Gets what a symbol of a text is.</summary>
    public TextUnit Unit { get; init; }

    /// <summary>Gets whether symbols are put in the order of display, from left to right.</summary>
    public bool IsDisplayed { get; init; }

    /// <summary>Joins symbols to the text that is split into them.</summary>
    /// <param name="symbols">In the order of the frames.</param>
    public string ToText(IReadOnlyList<string> symbols) => Unit switch
    {
        TextUnit.Word => string.Join(' ', symbols),
        TextUnit.Piece => string.Concat(symbols).TrimStart(' '),
        _ => string.Concat(IsDisplayed ? DisplayOrder.ToLogical(symbols) : symbols),
    };
}

/// <summary>What a symbol of a text is.</summary>
public enum TextUnit
{
    /// <summary>A listed symbol, or else a grapheme cluster; a space too.</summary>
    Character,

    /// <summary>What is between white space: a word, or a phone where texts are phones.</summary>
    Word,

    /// <summary>A piece of a word, as a model of SentencePiece splits texts. A piece that begins a word begins with a space.</summary>
    Piece,
}

/// <summary>What becomes of the white space of a text.</summary>
public enum WhiteSpace
{
    /// <summary>It remains as it is written.</summary>
    Keep,

    /// <summary>Each run of white space of any kind is one space; at both ends of a text it is left out.</summary>
    Collapse,
}
