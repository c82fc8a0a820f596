namespace Ctc.Engine;

/// <summary>Numbers as operands of tensors, which nothing collects, and the operations for which TorchSharp makes numbers of its own.</summary>
/// <remarks>
/// TorchSharp does not keep a <see cref="Scalar"/> alive during the native call that reads it. One that is converted from a number in the call can be
/// freed meanwhile, by a garbage collection that another thread causes: the call throws "Unknown scalar type", or computes with another number.
/// Hold it in a static field, or in a local with <c>using</c>. TorchSharp's operators between a tensor and a number, and <c>+</c> between two tensors
/// (whose factor is a number), convert in the call; <c>-</c>, <c>*</c> and <c>/</c> between tensors do not.
/// </remarks>
internal static class Scalars
{
    /// <summary>The whole number 0; of a floating tensor 0.0.</summary>
    public static readonly Scalar Zero = 0L;

    /// <summary>The whole number 1; of a floating tensor 1.0.</summary>
    public static readonly Scalar One = 1L;

    public static readonly Scalar NegativeInfinity = double.NegativeInfinity;

    public static readonly Scalar PositiveInfinity = double.PositiveInfinity;

    public static readonly Scalar NotANumber = double.NaN;

    /// <summary>Computes left + right.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>Computes left − 1.</summary>
    public static Tensor MinusOne(this Tensor left) => left.sub(One);

    /// <summary>Returns where whole numbers equal a number.</summary>
    public static Tensor Is(this Tensor left, long right)
    {
        using Scalar held = right;
        return left.eq(held);
    }

    /// <summary>Returns the whole numbers from 0 to a number, without it.</summary>
    public static Tensor Range(long end, torch.Device? device = null)
    {
        using Scalar held = end;
        return torch.arange(Zero, held, One, torch.int64, device);
    }
}
