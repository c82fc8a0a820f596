using System.Globalization;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Files;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>The symbols of texts: one normalization form, the split into symbols, and their order.</summary>
internal sealed class SymbolText
{
    private readonly HashSet<string> listed = [];
    private readonly HashSet<string> seen = []; // one string for each symbol: a long manifest has millions of symbols
    private readonly int[] lengths; // of the listed symbols, the longest first
    private readonly PieceModel? pieces;

    /// <param name="form">The form to which everything is converted.</param>
    /// <param name="file">A file of symbols, one a line; null for none. A repeated symbol counts once, as in dictionaries of PaddleOCR.</param>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public SymbolText(UnicodeForm form, string? file = null)
        : this(new TextRules(form), file)
    {
    }

    /// <inheritdoc cref="SymbolText(UnicodeForm, string?)"/>
    /// <param name="rules">What is done to texts.</param>
    /// <param name="file">A file of symbols, or a model of pieces if the unit is a piece; null for none.</param>
    public SymbolText(TextRules rules, string? file = null)
    {
        (Rules, File) = (rules, file);
        if (rules.Unit == TextUnit.Piece && file is not null) listed = [.. (pieces = PieceModel.Load(file)).Pieces];
        else if (file is not null) listed = [.. TextLines.Load(file).Where(line => line.Text.Length > 0).Select(line => Symbol(line.Text))];
        lengths = LongestFirst();
    }

    /// <param name="rules">What is done to texts.</param>
    /// <param name="symbols">The symbols by which text is split.</param>
    public SymbolText(TextRules rules, IEnumerable<string> symbols)
    {
        Rules = rules;
        listed = [.. symbols.Select(Symbol)];
        lengths = LongestFirst();
    }

    /// <summary>Gets what is done to texts.</summary>
    public TextRules Rules { get; }

    /// <summary>Gets the file of symbols; null if there is none.</summary>
    public string? File { get; }

    /// <summary>Gets the symbols by which text is split, such as those of the file; empty if there are none.</summary>
    public IReadOnlyCollection<string> Listed => listed;

    /// <summary>Gets the symbols by which text is split if they are not of a file, as one text.</summary>
    public string ListedOutsideFile => File is null ? string.Join('\0', listed) : "";

    /// <summary>Normalizes one symbol.</summary>
    public string Symbol(string symbol)
    {
        string normal = Rules.Form switch
        {
            UnicodeForm.Nfc => UnicodeText.Composed(symbol),
            UnicodeForm.Nfd => UnicodeText.Decomposed(symbol),
            UnicodeForm.Nfkc => UnicodeText.Compatible(symbol),
            _ => symbol,
        };
        return Rules.Unit == TextUnit.Piece ? PieceModel.WithSpaces(normal) : normal;
    }

    /// <summary>
    /// Normalizes text and splits it: at each place the longest listed symbol; where none fits, what readers perceive as a character, a grapheme
    /// cluster of Unicode. Where the unit is a word, it is what is between white space, and where it is a piece, what its model finds. The rules
    /// then decide the order.
    /// </summary>
    /// <exception cref="InvalidDataException">The pieces of the model do not spell the text.</exception>
    public IReadOnlyList<string> Split(string text)
    {
        string whole = Symbol(text); // first: in the form NFKC, more white space is a space
        if (Rules.Unit == TextUnit.Word)
        {
            return Ordered(whole.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => Shared(word)));
        }

        if (Rules.WhiteSpace == WhiteSpace.Collapse) whole = string.Join(' ', whole.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (pieces is not null) return Ordered(pieces.Split(whole).Select(piece => Shared(piece)));
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known = listed.GetAlternateLookup<ReadOnlySpan<char>>();
        List<string> symbols = [];
        for (int start = 0; start < whole.Length; start += symbols[^1].Length)
        {
            ReadOnlySpan<char> rest = whole.AsSpan(start);
            int length = 0;
            foreach (int candidate in lengths)
            {
                if (candidate > rest.Length || !known.Contains(rest[..candidate])) continue;
                length = candidate;
                break;
            }

            symbols.Add(Shared(rest[..(length > 0 ? length : StringInfo.GetNextTextElementLength(rest))]));
        }

        return Ordered(symbols);
    }

    /// <summary>Puts symbols of one text in the order of the frames.</summary>
    /// <param name="symbols">In logical order.</param>
    public IReadOnlyList<string> Ordered(IEnumerable<string> symbols) => Rules.IsDisplayed ? DisplayOrder.FromLogical([.. symbols]) : [.. symbols];

    private int[] LongestFirst() => [.. listed.Select(symbol => symbol.Length).Distinct().OrderDescending()];

    private string Shared(ReadOnlySpan<char> symbol)
    {
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known = seen.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(symbol, out string? same)) return same;
        seen.Add(same = symbol.ToString());
        return same;
    }
}
