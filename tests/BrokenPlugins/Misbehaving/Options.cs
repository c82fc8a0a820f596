using System.ComponentModel.DataAnnotations;
using Ctc;

namespace Misbehaving;

/// <summary>Options of <c>out-of-range</c>.</summary>
public sealed record OutOfRangeOptions
{
    /// <summary>Gets a factor with a default outside its range.</summary>
    [Range(0.0, 1.0)]
    public double Factor { get; init; } = 2;
}

/// <summary>Has a default outside its range.</summary>
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

/// <summary>Has an option without documentation.</summary>
[Part("undocumented", typeof(UndocumentedOptions), Summary = "Has an option without documentation.")]
internal sealed class Undocumented(UndocumentedOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, options.Factor);
}

/// <summary>Options of <c>throwing-options</c>.</summary>
public sealed record ThrowingOptions
{
    /// <summary>Gets a number; the getter throws.</summary>
    public double Factor { get; init; } = Fail();

    private static double Fail() => throw new InvalidOperationException("the options failed on purpose");
}

/// <summary>Has options that throw.</summary>
[Part("throwing-options", typeof(ThrowingOptions), Summary = "Has options that throw.")]
internal sealed class WithThrowingOptions(ThrowingOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, options.Factor);
}

/// <summary>Options of <c>doubling</c>.</summary>
public sealed record DoublingOptions
{
    private readonly double factor = 1;

    /// <summary>Gets a factor that is twice the written value.</summary>
    public double Factor
    {
        get => factor;
        init => factor = 2 * value;
    }
}

/// <summary>Has an option that does not round-trip.</summary>
[Part("doubling", typeof(DoublingOptions), Summary = "Doubles its option.")]
internal sealed class Doubling(DoublingOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, options.Factor);
}

/// <summary>Declares an invalid neutral setting.</summary>
[Part("refused-neutral", typeof(WrongNeutralOptions), Summary = "Is neutral where it cannot be.", Neutral = "factor: 7")]
internal sealed class RefusedNeutral(WrongNeutralOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, options.Factor);
}

/// <summary>Has a Summary that is not a sentence.</summary>
[Part("terse", Summary = "Weighs")]
internal sealed class Terse : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss);
}

/// <summary>Options of <c>unmoved</c>.</summary>
public sealed record UnmovedOptions
{
    /// <summary>Gets a factor.</summary>
    [Range(0.0, 2.0)]
    public Schedule Factor { get; init; } = 1;
}

/// <summary>Evaluates its schedule once, at the start.</summary>
[Part("unmoved", typeof(UnmovedOptions), Summary = "Takes a schedule for a constant.")]
internal sealed class Unmoved(UnmovedOptions options) : ILossWeighting
{
    private readonly double factor = options.Factor.At(default);

    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, factor);
}
