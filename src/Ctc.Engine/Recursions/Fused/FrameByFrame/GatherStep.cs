using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.FrameByFrame;

/// <summary>One frame of the forward and of the backward pass over arcs between any states, over the states of a window, eight at a time.</summary>
/// <remarks>
/// The same sums as <see cref="FrameStep"/>; what arcs come from is loaded or gathered, and masses go back to where they come from. Rows are read up
/// to seven states before the first and behind the last.
/// </remarks>
/// <typeparam name="T">float or double: the type of the scores.</typeparam>
/// <param name="arcs">The arcs.</param>
internal sealed class GatherStep<T>(PackedArcs<T> arcs)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private double[] scratch = [];

    /// <summary>Computes the sum Σ α_{t−1}(source)·arc, and α_t = sum·emission.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Enter(in StateRow before, FrameEmissions emissions, in StateRow sum, in StateRow alpha, int first, int last)
    {
        StateRow emission = emissions.Row;
        Sum(before, sum, first, last);
        for (nint s = first & -ExtendedRange.Lanes; s <= last; s += ExtendedRange.Lanes)
        {
            (Vector512<double> mantissa, Vector512<double> more) =
                ExtendedRange.Split(Load(ref sum.Mantissa, s) * Load(ref emission.Mantissa, s));
            Vector512<double> exponent = Load(ref sum.Exponent, s) + more;
            Store(mantissa, ref alpha.Mantissa, s);
            Store(emissions.Wide ? exponent + Load(ref emission.Exponent, s) : exponent, ref alpha.Exponent, s);
        }
    }

    /// <summary>Computes the sum of <see cref="Enter"/> only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Sum(in StateRow before, in StateRow sum, int first, int last)
    {
        if (scratch.Length < arcs.Most * ExtendedRange.Lanes) scratch = new double[arcs.Most * ExtendedRange.Lanes];
        ref double kept = ref Start(scratch), mantissas = ref Start(arcs.Mantissas), exponents = ref Start(arcs.Exponents);
        for (int s = first & -ExtendedRange.Lanes; s <= last; s += ExtendedRange.Lanes)
        {
            (int from, int to) = arcs.Rows(s);
            Vector512<double> largest = Vector512.Create(ExtendedRange.Floor), total = Vector512<double>.Zero;
            for (nint row = from; row < to; row++)
            {
                Vector512<double> exponent = Gather(ref before.Exponent, row) + Load(ref exponents, row * ExtendedRange.Lanes);
                Store(exponent, ref kept, (row - from) * ExtendedRange.Lanes);
                largest = Vector512.Max(largest, exponent);
            }

            for (nint row = from; row < to; row++)
            {
                Vector512<double> mantissa = Gather(ref before.Mantissa, row) * Load(ref mantissas, row * ExtendedRange.Lanes);
                total += ExtendedRange.Scale(mantissa, Load(ref kept, (row - from) * ExtendedRange.Lanes) - largest);
            }

            Store(total, ref sum.Mantissa, s);
            Store(largest, ref sum.Exponent, s);
        }
    }

    /// <summary>Divides the mass of each state among the arcs into it, and adds their masses to the states from which they come.</summary>
    /// <param name="before">α_{t−1}.</param>
    /// <param name="sum">The sums of the states.</param>
    /// <param name="shares">The mass of each state over its sum.</param>
    /// <param name="mass">Zeros; receives the masses of the frame before, and 0 around them.</param>
    /// <param name="taken">By row and lane: the mass of each arc is added. Empty if not wanted.</param>
    /// <param name="first">The first state.</param>
    /// <param name="last">The last state.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Return(in StateRow before, in StateRow sum, ref double shares, ref double mass, Span<double> taken, int first, int last)
    {
        ref double mantissas = ref Start(arcs.Mantissas), exponents = ref Start(arcs.Exponents);
        ref int sources = ref MemoryMarshal.GetArrayDataReference(arcs.Sources);
        for (int s = first & -ExtendedRange.Lanes; s <= last; s += ExtendedRange.Lanes)
        {
            (int from, int to) = arcs.Rows(s);
            Vector512<double> share = Load(ref shares, s), largest = Load(ref sum.Exponent, s);
            for (nint row = from; row < to; row++)
            {
                nint place = row * ExtendedRange.Lanes;
                Vector512<double> exponent = Gather(ref before.Exponent, row) + Load(ref exponents, place);
                Vector512<double> mantissa = Gather(ref before.Mantissa, row) * Load(ref mantissas, place);
                Vector512<double> part = ExtendedRange.Scale(mantissa, exponent - largest) * share;
                int source = Unsafe.Add(ref sources, place);
                if (arcs.AreNeighbours(row)) Store(Load(ref mass, source) + part, ref mass, source);
                else for (int i = 0; i < ExtendedRange.Lanes; i++) Unsafe.Add(ref mass, Unsafe.Add(ref sources, place + i)) += part[i];
                if (taken.Length == 0) continue;
                ref double own = ref MemoryMarshal.GetReference(taken);
                Store(Load(ref own, place) + part, ref own, place);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<double> Gather(ref double row, nint at)
    {
        ref int source = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(arcs.Sources), at * ExtendedRange.Lanes);
        if (arcs.AreNeighbours(at)) return Load(ref row, source);
        return Vector512.Create(
            Unsafe.Add(ref row, source),
            Unsafe.Add(ref row, Unsafe.Add(ref source, 1)),
            Unsafe.Add(ref row, Unsafe.Add(ref source, 2)),
            Unsafe.Add(ref row, Unsafe.Add(ref source, 3)),
            Unsafe.Add(ref row, Unsafe.Add(ref source, 4)),
            Unsafe.Add(ref row, Unsafe.Add(ref source, 5)),
            Unsafe.Add(ref row, Unsafe.Add(ref source, 6)),
            Unsafe.Add(ref row, Unsafe.Add(ref source, 7)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ref double row, nint s) => Vector512.LoadUnsafe(ref Unsafe.Add(ref row, s));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<double> values, ref double row, nint s) => values.StoreUnsafe(ref Unsafe.Add(ref row, s));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref double Start(double[] row) => ref MemoryMarshal.GetArrayDataReference(row);
}
