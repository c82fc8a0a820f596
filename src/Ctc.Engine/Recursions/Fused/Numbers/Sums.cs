using System.Runtime.CompilerServices;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>Sums over a row, in whole groups of <see cref="ExtendedRange.Lanes"/> numbers, in the same order for all vectors.</summary>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal static class Sums<TLanes>
    where TLanes : struct, IDoubleLanes<TLanes>
{
    /// <summary>Computes Σ left·right.</summary>
    /// <param name="left">One row.</param>
    /// <param name="right">Another.</param>
    /// <param name="first">The first place.</param>
    /// <param name="end">The end of the places. Up to seven behind it are read.</param>
    [MethodImpl(InnerLoop.Compiled)]
    public static double OfProducts(ref double left, ref double right, nint first, nint end)
    {
        TLanes lower = TLanes.Of(0), upper = lower;
        for (nint i = first; i < end; i += ExtendedRange.Lanes)
        {
            lower = TLanes.MultiplyAdd(TLanes.Load(ref left, i), TLanes.Load(ref right, i), lower);
            if (TLanes.Count == ExtendedRange.Lanes) continue;
            nint next = i + TLanes.Count;
            upper = TLanes.MultiplyAdd(TLanes.Load(ref left, next), TLanes.Load(ref right, next), upper);
        }

        return Of(lower, upper);
    }

    /// <summary>Computes Σ row.</summary>
    /// <inheritdoc cref="OfProducts"/>
    [MethodImpl(InnerLoop.Compiled)]
    public static double Of(ref double row, nint first, nint end)
    {
        TLanes lower = TLanes.Of(0), upper = lower;
        for (nint i = first; i < end; i += ExtendedRange.Lanes)
        {
            lower += TLanes.Load(ref row, i);
            if (TLanes.Count < ExtendedRange.Lanes) upper += TLanes.Load(ref row, i + TLanes.Count);
        }

        return Of(lower, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Of(TLanes lower, TLanes upper) =>
        TLanes.Count == ExtendedRange.Lanes ? TLanes.Sum(lower) : TLanes.Sum(lower) + TLanes.Sum(upper);
}
