using Ctc.Engine.Lexica;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.DrawnLines;

/// <summary>The tokens of drawn lines, and the symbols that are drawn for each: itself, or those of a word.</summary>
internal sealed class DrawnVocabulary
{
    private readonly IReadOnlyList<int[]> drawn;
    private readonly int widestGap;

    private DrawnVocabulary(IReadOnlyList<string> symbols, IReadOnlyList<string> tokens, IReadOnlyList<int[]> drawn, int widestGap) =>
        (Symbols, Tokens, this.drawn, this.widestGap) = (symbols, tokens, drawn, widestGap);

    /// <summary>Gets the distinct symbols that are drawn.</summary>
    public IReadOnlyList<string> Symbols { get; }

    /// <summary>Gets the tokens of targets, the blank not among them.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>The symbols or the words that options name.</summary>
    /// <exception cref="InvalidDataException">The file of words cannot be read, or is damaged.</exception>
    public static DrawnVocabulary From(DrawnLinesOptions options)
    {
        if (options.Words is not { } file)
        {
            string[] alone = [.. options.Symbols.EnumerateRunes().Select(symbol => symbol.ToString())];
            return new DrawnVocabulary(alone, alone, [.. alone.Select((_, i) => new[] { i })], options.MaxGap);
        }

        Pronunciation[] words = [.. Lexicon.Read(file).Pronunciations.DistinctBy(pronunciation => pronunciation.Word)];
        string[] symbols = [.. words.SelectMany(word => word.Symbols).Distinct()];
        if (symbols.FirstOrDefault(symbol => symbol.EnumerateRunes().Count() != 1) is { } several)
        {
            throw new InvalidDataException($"{file}: the symbol '{several}' cannot be drawn; expected symbols of one character each.");
        }

        return new DrawnVocabulary(
            symbols,
            [.. words.Select(word => word.Word)],
            [.. words.Select(word => word.Symbols.Select(symbol => Array.IndexOf(symbols, symbol)).ToArray())],
            options.MaxGap);
    }

    /// <summary>The image of a token.</summary>
    /// <param name="token">Its place in <see cref="Tokens"/>.</param>
    /// <param name="writing">The images of <see cref="Symbols"/>.</param>
    /// <param name="random">Draws the gaps between the symbols of a word.</param>
    public Glyph Draw(int token, IReadOnlyList<Glyph> writing, SplitMix64 random) =>
        Glyph.Join(token + 1, [.. drawn[token].Select(symbol => writing[symbol])], () => random.Between(0, widestGap));
}
