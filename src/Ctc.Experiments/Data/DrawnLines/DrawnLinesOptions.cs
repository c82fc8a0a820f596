using System.ComponentModel.DataAnnotations;
using System.Text;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.DrawnLines;

/// <summary>The lines drawn from fonts and their difficulty.</summary>
public sealed record DrawnLinesOptions : LineSetOptions, IValidatableObject
{
    /// <summary>Gets the symbols that lines are made of: each character is one, the most frequent first, without spaces between them.</summary>
    /// <value>
    /// Distinct characters; the default is sixty of the most frequent of modern Chinese, in about the order of Da, Modern Chinese Character
    /// Frequency List, 2004.
    /// </value>
    public string Symbols { get; init; } = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方";

    /// <summary>
    /// Gets a file of words with the symbols that are drawn for each, in the form of a lexicon: lines are then made of these words, and each token
    /// of a target is a word. Of several pronunciations of a word the first is drawn; <see cref="Symbols"/> are not used.
    /// </summary>
    /// <value>None by default: each symbol is a token of its own. In the options below a word counts as a symbol.</value>
    [DataFile]
    public string? Words { get; init; }

    /// <summary>Gets the families of installed fonts to draw with, such as AR PL KaitiM GB; of each family the upright, regular face.</summary>
    /// <value>
    /// None by default. Without font files either, it is the embedded DejaVu Sans, if that has all the symbols;
    /// else every installed family that has them.
    /// </value>
    public IReadOnlyList<string> Fonts { get; init; } = [];

    /// <summary>Gets further fonts to draw with: TrueType or OpenType files, of a collection the first face.</summary>
    /// <value>None by default.</value>
    [DataFile]
    public IReadOnlyList<string> FontFiles { get; init; } = [];

    /// <summary>Gets the symbols of the shortest line.</summary>
    /// <value>0 or more; the default is 3. A line without symbols is bare paper.</value>
    [Range(0, 1000)]
    public int MinSymbols { get; init; } = 3;

    /// <summary>Gets the symbols of the longest line; every length up to it is equally likely.</summary>
    /// <value>At least the symbols of the shortest line; the default is 7.</value>
    [Range(0, 1000)]
    public int MaxSymbols { get; init; } = 7;

    /// <summary>Gets the height of a line, which is the feature size. Each symbol is at a random height.</summary>
    /// <value>In rows, 4 or more; the default is 18.</value>
    [Range(4, 128)]
    public int Height { get; init; } = 18;

    /// <summary>
    /// Gets the size of the smallest writing: the rows from the top of a font's highest symbol to the bottom of its lowest. A line is written in one
    /// font and one size. Symbols are about as wide as high, so that smaller writing makes fewer frames.
    /// </summary>
    /// <value>In rows, 4 or more; the default is 14.</value>
    [Range(4, 128)]
    public int MinSize { get; init; } = 14;

    /// <summary>Gets the size of the largest writing; every size up to it is equally likely.</summary>
    /// <value>In rows, from the smallest size to the height of a line; the default is 16.</value>
    [Range(4, 128)]
    public int MaxSize { get; init; } = 16;

    /// <summary>Refuses symbols that are none or not distinct, and ranges that are empty.</summary>
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        Rune[] symbols = [.. Symbols.EnumerateRunes()];
        if (symbols.Length == 0) yield return new ValidationResult("symbols are empty; expected at least one character", [nameof(Symbols)]);
        foreach (var symbol in symbols.CountBy(symbol => symbol).Where(symbol => symbol.Value > 1))
        {
            yield return new ValidationResult($"symbols hold '{symbol.Key}' {symbol.Value} times; expected distinct characters", [nameof(Symbols)]);
        }

        if (MaxSymbols < MinSymbols)
        {
            yield return new ValidationResult($"max-symbols is {MaxSymbols}; expected at least min-symbols, {MinSymbols}", [nameof(MaxSymbols)]);
        }
        if (MaxSize < MinSize) yield return new ValidationResult($"max-size is {MaxSize}; expected at least min-size, {MinSize}", [nameof(MaxSize)]);
        if (MaxSize > Height) yield return new ValidationResult($"max-size is {MaxSize}; expected at most height, {Height}", [nameof(MaxSize)]);
    }
}
