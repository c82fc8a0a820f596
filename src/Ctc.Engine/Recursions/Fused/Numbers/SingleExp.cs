using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>exp of sixteen float32 numbers.</summary>
/// <remarks>
/// .NET's exp gives 1 + 10⁻⁷ at 0, the value of a token that is certain: over 2,000 frames a loss near 0 would have an error of 10⁻⁴. This one gives
/// 1 there, and is twice as fast. Its relative error is below 10⁻⁷ for arguments up to 1.
/// </remarks>
internal static class SingleExp
{
    private const float Smallest = -87; // below, the result would be subnormal: it is 0
    private const float MostSignificant = 8388608; // 2²³: added to a whole number, it leaves that number in the low bits

    /// <summary>Computes exp.</summary>
    /// <param name="x">At most 1, −∞ included; NaN stays NaN.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        (Lanes512 mantissa, Lanes512 whole) = SingleRange.Reduce(new Lanes512(x));
        (Vector512<float> sum, Vector512<float> n) = (mantissa.Vector, whole.Vector);
        Vector512<float> power = Vector512.ShiftLeft((n + Vector512.Create(MostSignificant + 127)).AsInt32(), 23).AsSingle(); // 2^n
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(Smallest)), Vector512<float>.Zero, sum * power);
    }
}
