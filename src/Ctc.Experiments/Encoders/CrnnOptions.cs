using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Encoders;

/// <summary>The size of the network.</summary>
public sealed record CrnnOptions : RecurrentOptions
{
    /// <summary>Gets the number of two-dimensional convolutions. After each one two rows are pooled into one.</summary>
    /// <value>1 or more; the default is 3, which leaves one row in eight. A single row stays.</value>
    [Range(1, 16)]
    public int Convolutions { get; init; } = 3;

    /// <summary>Gets the filters of the first convolution. The second one has twice as many, the third one three times as many.</summary>
    /// <value>1 or more; the default is 16.</value>
    [Range(1, 1024)]
    public int Filters { get; init; } = 16;

    /// <summary>Gets the rows and the columns that a convolution reads, half of them on each side of its own.</summary>
    /// <value>An odd number; the default is 3.</value>
    [Range(1, 31)]
    public int Kernel { get; init; } = 3;

    /// <summary>Gets the number of columns that are pooled into one output frame: N frames become ⌈N / stride⌉.</summary>
    /// <value>
    /// 1 or more; the default is 2, and 1 pools none. Each convolution pools by a prime factor of it, the last one by what is left. Targets must fit
    /// what is left.
    /// </value>
    [Range(1, 64)]
    public int Stride { get; init; } = 2;

    /// <summary>Refuses a kernel of an even number of rows, and a middle without layers after it.</summary>
    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kernel % 2 == 0) yield return new ValidationResult($"kernel is {Kernel}; expected an odd number", [nameof(Kernel)]);
        foreach (ValidationResult fault in base.Validate(validationContext)) yield return fault;
    }
}
