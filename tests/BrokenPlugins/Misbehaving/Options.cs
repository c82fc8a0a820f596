using System.ComponentModel.DataAnnotations;
using Ctc;

namespace Misbehaving;

/// <summary>Options of <c>out-of-range</c>.</summary>
public sealed record OutOfRangeOptions
{
    /// <summary>Gets a factor whose default its own range refuses.</summary>
    [Range(0.0, 1.0)]
    public double Factor { get; init; } = 2;
}

/// <summary>Has a default that it would refuse.</summary>
[Part("out-of-range", typeof(OutOfRangeOptions), Summary = "Has a default outside its range.")]
internal sealed class OutOfRange(OutOfRangeOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, options.Factor);
}

/// <summary>Options of <c>undocumented</c>.</summary>
internal sealed record UndocumentedOptions
{
    public double Factor { get; init; } = 1;
}

/// <summary>Says nothing of its option.</summary>
[Part("undocumented", typeof(UndocumentedOptions), Summary = "Says nothing of its option.")]
internal sealed class Undocumented(UndocumentedOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, options.Factor);
}

/// <summary>Options of <c>throwing-options</c>.</summary>
public sealed record ThrowingOptions
{
    /// <summary>Gets a number that cannot be had.</summary>
    public double Factor { get; init; } = Fail();

    private static double Fail() => throw new InvalidOperationException("the options failed on purpose");
}

/// <summary>Has options that cannot be made.</summary>
[Part("throwing-options", typeof(ThrowingOptions), Summary = "Has options that cannot be made.")]
internal sealed class WithThrowingOptions(ThrowingOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, options.Factor);
}
