using System.ComponentModel.DataAnnotations;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.TypesetLines;

/// <summary>The text, the fonts, and what paper and scanner do to the print.</summary>
public sealed record TypesetLinesOptions : DrawnSetOptions, IValidatableObject
{
    /// <summary>
    /// Gets a file of text to print, in UTF-8. Its lines are cut at spaces into pieces of the given lengths; white space counts as one space. No
    /// piece is in two of the sets. Pieces for which a font lacks symbols are left out, and those that mix reading directions.
    /// </summary>
    /// <value>There is no default.</value>
    [DataFile]
    public required string Texts { get; init; }

    /// <summary>Gets the families of installed fonts, such as Gentium; of each family the upright, regular face.</summary>
    /// <value>None by default: without font files either, it is the embedded DejaVu Sans.</value>
    public IReadOnlyList<string> Fonts { get; init; } = [];

    /// <summary>Gets further fonts: TrueType or OpenType files, of a collection the first face.</summary>
    /// <value>None by default.</value>
    [DataFile]
    public IReadOnlyList<string> FontFiles { get; init; } = [];

    /// <summary>Gets the families of installed fonts that only test lines are printed with: every second one.</summary>
    /// <value>None by default: test lines are printed with the fonts of the training lines. The group of a line is its font.</value>
    public IReadOnlyList<string> TestFonts { get; init; } = [];

    /// <summary>Gets further fonts that only test lines are printed with.</summary>
    /// <value>None by default.</value>
    [DataFile]
    public IReadOnlyList<string> TestFontFiles { get; init; } = [];

    /// <summary>Gets the characters of the shortest line.</summary>
    /// <value>1 or more; the default is 10.</value>
    [Range(1, 1000)]
    public int MinLength { get; init; } = 10;

    /// <summary>Gets the characters of the longest line.</summary>
    /// <value>At least those of the shortest; the default is 40.</value>
    [Range(1, 1000)]
    public int MaxLength { get; init; } = 40;

    /// <summary>Gets the height of a line, which is the feature size.</summary>
    /// <value>In rows, 8 or more; the default is 32.</value>
    [Range(8, 128)]
    public int Height { get; init; } = 32;

    /// <summary>Gets the size of the smallest print, from the top of a font's highest symbol to the bottom of its lowest.</summary>
    /// <value>In rows, 6 or more; the default is 22.</value>
    [Range(6, 128)]
    public int MinSize { get; init; } = 22;

    /// <summary>Gets the size of the largest print; every size up to it is equally likely.</summary>
    /// <value>In rows, from the smallest size to the height of a line; the default is 28.</value>
    [Range(6, 128)]
    public int MaxSize { get; init; } = 28;

    /// <summary>Gets the steepest slant to either side; the slants of lines are distributed evenly.</summary>
    /// <value>Columns for each row, 0 to 1; the default is 0.2.</value>
    [Range(0.0, 1.0)]
    public double Slant { get; init; } = 0.2;

    /// <summary>Gets the standard deviation of the widest blur; those of lines are distributed evenly.</summary>
    /// <value>In pixels, 0 to 5; the default is 0.8.</value>
    [Range(0.0, 5.0)]
    public double Blur { get; init; } = 0.8;

    /// <summary>Gets the darkest print that bleeds through from the other side of the paper: another line, mirrored.</summary>
    /// <value>A share of the ink, 0 to 1; the default is 0.25.</value>
    [Range(0.0, 1.0)]
    public double BleedThrough { get; init; } = 0.25;

    /// <summary>Gets the direction in which lines are read; frames follow it.</summary>
    /// <value>left-to-right or right-to-left; the default is left-to-right.</value>
    public ReadingDirection Direction { get; init; } = ReadingDirection.LeftToRight;

    /// <summary>Refuses ranges that are empty, and vertical lines.</summary>
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxLength < MinLength)
        {
            yield return new ValidationResult($"max-length is {MaxLength}; expected at least min-length, {MinLength}", [nameof(MaxLength)]);
        }

        if (MaxSize < MinSize) yield return new ValidationResult($"max-size is {MaxSize}; expected at least min-size, {MinSize}", [nameof(MaxSize)]);
        if (MaxSize > Height) yield return new ValidationResult($"max-size is {MaxSize}; expected at most height, {Height}", [nameof(MaxSize)]);
        if (Direction is not (ReadingDirection.LeftToRight or ReadingDirection.RightToLeft))
        {
            yield return new ValidationResult("print is horizontal; expected the direction left-to-right or right-to-left", [nameof(Direction)]);
        }
    }
}
