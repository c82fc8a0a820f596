using System.ComponentModel.DataAnnotations;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Digits;

/// <summary>The lines of handwritten digits and their difficulty. The digit 0 is the first of the symbols, 9 the last.</summary>
public sealed record DigitLinesOptions : LineSetOptions, IValidatableObject
{
    /// <summary>
    /// Gets the gzip file of digits: on each line 64 pixels from 0 to 16, row by row, and the label. Three fifths of each class make the
    /// train lines, three twentieths the dev lines, the remaining quarter the test lines.
    /// </summary>
    [DataFile]
    public required string File { get; init; }

    /// <summary>Gets the digits of the shortest line.</summary>
    /// <value>0 or more; the default is 4. A line without digits is bare paper.</value>
    [Range(0, 1000)]
    public int MinDigits { get; init; } = 4;

    /// <summary>Gets the digits of the longest line; every length up to it is equally likely.</summary>
    /// <value>At least the digits of the shortest line; the default is 8.</value>
    [Range(0, 1000)]
    public int MaxDigits { get; init; } = 8;

    /// <summary>Gets the height of a line, which is the feature size. Digits are 8 high, each at a random height.</summary>
    /// <value>In rows, 8 or more; the default is 10. At 8 all digits are level.</value>
    [Range(Digit.Size, 64)]
    public int Height { get; init; } = 10;

    /// <summary>
    /// Gets the exponent of the frequencies of a digit after another one, in all sets: after d, the digit of rank r, which is d + r modulo 10,
    /// has a probability in proportion to r^−succession. The first digit of a line is any.
    /// </summary>
    /// <value>0 to 5; by default none, the digits of a line are independent, as at 0. At 2 the next digit follows in 65 % of places.</value>
    [Range(0.0, 5.0)]
    public double? Succession { get; init; }

    /// <summary>Refuses a longest line that is shorter than the shortest, and frequencies of two kinds.</summary>
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxDigits < MinDigits)
        {
            yield return new ValidationResult($"max-digits is {MaxDigits}; expected at least min-digits, {MinDigits}", [nameof(MaxDigits)]);
        }

        if (Succession is > 0 && Zipf is > 0)
        {
            yield return new ValidationResult(
                $"succession is {Succession} beside zipf {Zipf}; expected one of them", [nameof(Succession)]);
        }
    }
}
