using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Data;

/// <summary>What lines are made of handwritten digits, and how hard they are to read.</summary>
public sealed record DigitLinesOptions : IValidatableObject
{
    /// <summary>Gets the gzip file of digits: on each line 64 pixels from 0 to 16, row by row, and the label.</summary>
    [DataFile]
    public required string File { get; init; }

    /// <summary>Gets the number of lines to learn from, made of three fifths of the digits.</summary>
    /// <value>1 or more; the default is 1500.</value>
    [Range(1, 1_000_000)]
    public int TrainLines { get; init; } = 1500;

    /// <summary>Gets the number of lines that choose the best epoch, made of digits that are in no other line set.</summary>
    /// <value>1 or more; the default is 200.</value>
    [Range(1, 1_000_000)]
    public int DevLines { get; init; } = 200;

    /// <summary>Gets the number of lines to measure on, made of a quarter of the digits.</summary>
    /// <value>1 or more; the default is 400.</value>
    [Range(1, 1_000_000)]
    public int TestLines { get; init; } = 400;

    /// <summary>Gets the digits of the shortest line.</summary>
    /// <value>0 or more; the default is 4. A line without digits is bare paper.</value>
    [Range(0, 1000)]
    public int MinDigits { get; init; } = 4;

    /// <summary>Gets the digits of the longest line; every length up to it is equally likely.</summary>
    /// <value>At least the digits of the shortest line; the default is 8.</value>
    [Range(0, 1000)]
    public int MaxDigits { get; init; } = 8;

    /// <summary>Gets the widest gap between two digits, and the widest margin; every width from 0 is equally likely.</summary>
    /// <value>In columns; the default is 3. At 0 all digits touch.</value>
    [Range(0, 100)]
    public int MaxGap { get; init; } = 3;

    /// <summary>Gets the height of a line, which is the feature size. Digits are 8 high and each stands at a random height.</summary>
    /// <value>In rows, 8 or more; the default is 10. At 8 all digits stand level.</value>
    [Range(Digit.Size, 64)]
    public int Height { get; init; } = 10;

    /// <summary>Gets how dark the ink of the palest line is; the others lie evenly between it and the darkest, 1.</summary>
    /// <value>0.1 to 1; the default is 0.7. At 1 all lines are equally dark.</value>
    [Range(0.1, 1.0)]
    public double MinInk { get; init; } = 0.7;

    /// <summary>Gets the standard deviation of the grey noise on every pixel.</summary>
    /// <value>Grey runs from 0, paper, to 1, ink; the default is 0.07. At 0 there is no noise.</value>
    [Range(0.0, 1.0)]
    public double Noise { get; init; } = 0.07;

    /// <summary>Gets what all random choices follow from.</summary>
    /// <value>The default is 0.</value>
    public int Seed { get; init; }

    /// <summary>Refuses a longest line that is shorter than the shortest.</summary>
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxDigits < MinDigits) yield return new ValidationResult($"max-digits is {MaxDigits}; expected at least min-digits, {MinDigits}", [nameof(MaxDigits)]);
    }
}
