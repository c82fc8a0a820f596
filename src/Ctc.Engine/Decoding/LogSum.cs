using System.Runtime.CompilerServices;

namespace Ctc.Engine.Decoding;

/// <summary>The logarithm of a sum of two numbers whose logarithms are given.</summary>
internal static class LogSum
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of(double one, double other)
    {
        const double negligible = -40;
        (double large, double small) = one >= other ? (one, other) : (other, one);
        return small - large > negligible ? large + Math.Log(1 + Math.Exp(small - large)) : large; // false for −∞ − −∞
    }
}
