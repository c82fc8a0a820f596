using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>exp of sixteen float32 numbers.</summary>
/// <remarks>
/// .NET's exp gives 1 + 10⁻⁷ at 0, the value of a token that is certain: over 2,000 frames a loss near 0 would have an error of 10⁻⁴. This one gives
/// 1 there, and is twice as fast. Its relative error is below 10⁻⁷ for arguments up to 1 (Taylor's series to r⁷ over ±ln 2 / 2, ln 2 in two parts as
/// in Cephes' expf).
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
        Vector512<float> n = Vector512.Round(x * Vector512.Create(1.44269504f));
        Vector512<float> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.693359375f), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(2.12194440e-4f), r);
        Vector512<float> sum = Horner(Vector512.Create(1f / 5040), r, 1f / 720);
        sum = Horner(Horner(Horner(sum, r, 1f / 120), r, 1f / 24), r, 1f / 6);
        sum = Horner(Horner(Horner(sum, r, 1f / 2), r, 1), r, 1);
        Vector512<float> power = Vector512.ShiftLeft((n + Vector512.Create(MostSignificant + 127)).AsInt32(), 23).AsSingle(); // 2^n
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(Smallest)), Vector512<float>.Zero, sum * power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Horner(Vector512<float> sum, Vector512<float> x, float coefficient) =>
        Vector512.FusedMultiplyAdd(sum, x, Vector512.Create(coefficient));
}
