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

/// <summary>Options of <c>doubling</c>.</summary>
public sealed record DoublingOptions
{
    private readonly double factor = 1;

    /// <summary>Gets a factor that is twice what is written.</summary>
    public double Factor
    {
        get => factor;
        init => factor = 2 * value;
    }
}

/// <summary>Has an option that does not read back.</summary>
[Part("doubling", typeof(DoublingOptions), Summary = "Doubles its option.")]
internal sealed class Doubling(DoublingOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, options.Factor);
}

/// <summary>Says of a setting that cannot be that it is plain CTC.</summary>
[Part("refused-neutral", typeof(WrongNeutralOptions), Summary = "Is neutral where it cannot be.", Neutral = "factor: 7")]
internal sealed class RefusedNeutral(WrongNeutralOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, options.Factor);
}

/// <summary>Says in half a word what it does.</summary>
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

/// <summary>Asks its schedule once, at the start.</summary>
[Part("unmoved", typeof(UnmovedOptions), Summary = "Takes a schedule for a constant.")]
internal sealed class Unmoved(UnmovedOptions options) : ILossWeighting
{
    private readonly double factor = options.Factor.At(default);

    public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, factor);
}
