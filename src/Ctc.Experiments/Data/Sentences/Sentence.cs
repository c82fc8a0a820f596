using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.Sentences;

/// <summary>A sentence of a text from which a language model is estimated.</summary>
/// <param name="where">The place in messages: a file with its line, or an utterance.</param>
/// <param name="units">The tokens or words.</param>
public sealed class Sentence(string where, IReadOnlyList<string> units)
{
    private const string Separator = " ";

    /// <summary>Gets the place in messages: a file with its line, or an utterance.</summary>
    public string Where { get; } = where;

    /// <summary>Gets the tokens or words.</summary>
    public IReadOnlyList<string> Units { get; } = units;

    /// <summary>Reads a text in UTF-8, a sentence a line, composed as the texts of data are (NFC). Lines without text are left out.</summary>
    /// <param name="file">The file.</param>
    /// <param name="unit">
    /// Words are separated by spaces and tabs. Tokens are at each place the longest symbol of <paramref name="symbols"/>; where none fits, and
    /// without such a file, a grapheme cluster of Unicode.
    /// </param>
    /// <param name="symbols">A file with a symbol a line; null for none.</param>
    /// <param name="isDisplayed">
    /// Whether a sentence is put in the order of display, from left to right, as data with <c>direction: auto</c> are; by default it is not.
    /// </param>
    /// <returns>The sentences, lazily.</returns>
    /// <exception cref="InvalidDataException">A file cannot be read, or is no UTF-8.</exception>
    public static IEnumerable<Sentence> Load(string file, LanguageUnit unit, string? symbols, bool isDisplayed = false)
    {
        var split = new SymbolText(new TextRules(UnicodeForm.Nfc) { IsDisplayed = isDisplayed }, symbols);
        IReadOnlyList<string> Units(string text) =>
            unit == LanguageUnit.Token ? split.Split(text)
            : Words(isDisplayed ? string.Concat(split.Split(text)) : split.Symbol(text));
        return TextLines.Load(file)
            .Where(line => !string.IsNullOrWhiteSpace(line.Text))
            .Select(line => new Sentence(line.Where, Units(line.Text)));
    }

    /// <summary>Reads the targets of utterances.</summary>
    /// <param name="utterances">Those without a target are left out.</param>
    /// <param name="alphabet">The symbols of the targets.</param>
    /// <param name="unit">Words are the joined symbols between spaces.</param>
    /// <returns>The sentences, lazily.</returns>
    public static IEnumerable<Sentence> FromTargets(IEnumerable<Utterance> utterances, Alphabet alphabet, LanguageUnit unit) => utterances
        .Where(utterance => utterance.Target.Length > 0)
        .Select(utterance => new Sentence(
            $"utterance {utterance.Id}",
            unit == LanguageUnit.Token ? [.. utterance.Target.Select(token => alphabet[token])] : Words(alphabet.Format(utterance.Target))));

    private static string[] Words(string text) => text.Split([Separator, "\t"], StringSplitOptions.RemoveEmptyEntries);
}
