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
/// <param name="incoming">The arcs into states.</param>
internal sealed class GatherStep(PackedRows incoming)
{
    private double[] scratch = [];

    /// <summary>Computes α_t = sum·emission.</summary>
    [MethodImpl(InnerLoop.Compiled)]
    public static void Emit(FrameEmissions emissions, in StateRow sum, in StateRow alpha, int first, int last)
    {
        StateRow emission = emissions.Row;
        for (nint s = first & -ExtendedRange.Lanes; s <= last; s += ExtendedRange.Lanes)
        {
            (Vector512<double> total, Vector512<double> exponent) = ExtendedRange.Split(Load(ref sum.Mantissa, s));
            (Vector512<double> mantissa, Vector512<double> more) = ExtendedRange.Split(total * Load(ref emission.Mantissa, s));
            exponent += Load(ref sum.Exponent, s) + more;
            Store(mantissa, ref alpha.Mantissa, s);
            Store(emissions.Wide ? exponent + Load(ref emission.Exponent, s) : exponent, ref alpha.Exponent, s);
        }
    }

    /// <summary>Computes the sum Σ α_{t−1}(source)·arc.</summary>
    [MethodImpl(InnerLoop.Compiled)]
    public void Sum(in StateRow before, in StateRow sum, int first, int last)
    {
        if (scratch.Length < incoming.Most * ExtendedRange.Lanes) scratch = new double[incoming.Most * ExtendedRange.Lanes];
        ref double kept = ref Start(scratch), mantissas = ref Start(incoming.Mantissas), exponents = ref Start(incoming.Exponents);
        for (int s = first & -ExtendedRange.Lanes; s <= last; s += ExtendedRange.Lanes)
        {
            PackedRows.Block rows = incoming.Of(s);
            Vector512<double> largest = Vector512.Create(ExtendedRange.Floor), total = Vector512<double>.Zero;
            for (nint row = rows.From; row < rows.To; row++)
            {
                Vector512<double> exponent = Values(ref before.Exponent, rows, row) + Load(ref exponents, row * ExtendedRange.Lanes);
                Store(exponent, ref kept, (row - rows.From) * ExtendedRange.Lanes);
                largest = Vector512.Max(largest, exponent);
            }

            for (nint row = rows.From; row < rows.To; row++)
            {
                Vector512<double> mantissa = Values(ref before.Mantissa, rows, row) * Load(ref mantissas, row * ExtendedRange.Lanes);
                total += ExtendedRange.Scale(mantissa, Load(ref kept, (row - rows.From) * ExtendedRange.Lanes) - largest);
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
    [MethodImpl(InnerLoop.Compiled)]
    public void Return(in StateRow before, in StateRow sum, ref double shares, ref double mass, Span<double> taken, int first, int last)
    {
        ref double mantissas = ref Start(incoming.Mantissas), exponents = ref Start(incoming.Exponents);
        ref int ends = ref MemoryMarshal.GetArrayDataReference(incoming.Ends);
        for (int s = first & -ExtendedRange.Lanes; s <= last; s += ExtendedRange.Lanes)
        {
            PackedRows.Block rows = incoming.Of(s);
            Vector512<double> share = Load(ref shares, s), largest = Load(ref sum.Exponent, s);
            for (nint row = rows.From; row < rows.To; row++)
            {
                nint place = row * ExtendedRange.Lanes;
                Vector512<double> exponent = Values(ref before.Exponent, rows, row) + Load(ref exponents, place);
                Vector512<double> mantissa = Values(ref before.Mantissa, rows, row) * Load(ref mantissas, place);
                Vector512<double> part = ExtendedRange.Scale(mantissa, exponent - largest) * share;
                int source = Unsafe.Add(ref ends, place);
                if (row >= rows.Shared)
                {
                    for (int i = 0; i < ExtendedRange.Lanes; i++) Unsafe.Add(ref mass, Unsafe.Add(ref ends, place + i)) += part[i];
                }
                else if (rows.SameEnd)
                {
                    Unsafe.Add(ref mass, source) += Vector512.Sum(part);
                }
                else
                {
                    Store(Load(ref mass, source) + part, ref mass, source);
                }

                if (taken.Length > 0) Add(part, ref MemoryMarshal.GetReference(taken), place);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<double> Values(ref double row, in PackedRows.Block rows, nint at)
    {
        ref int ends = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(incoming.Ends), at * ExtendedRange.Lanes);
        if (at >= rows.Shared) return Gather(ref row, ref ends);
        return rows.SameEnd ? Vector512.Create(Unsafe.Add(ref row, ends)) : Load(ref row, ends);
    }

    /// <summary>Loads the numbers of eight states.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Gather(ref double row, ref int states) => Vector512.Create(
        Unsafe.Add(ref row, states),
        Unsafe.Add(ref row, Unsafe.Add(ref states, 1)),
        Unsafe.Add(ref row, Unsafe.Add(ref states, 2)),
        Unsafe.Add(ref row, Unsafe.Add(ref states, 3)),
        Unsafe.Add(ref row, Unsafe.Add(ref states, 4)),
        Unsafe.Add(ref row, Unsafe.Add(ref states, 5)),
        Unsafe.Add(ref row, Unsafe.Add(ref states, 6)),
        Unsafe.Add(ref row, Unsafe.Add(ref states, 7)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ref double row, nint s) => Vector512.LoadUnsafe(ref Unsafe.Add(ref row, s));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<double> values, ref double row, nint s) => values.StoreUnsafe(ref Unsafe.Add(ref row, s));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<double> values, ref double row, nint s) => Store(Load(ref row, s) + values, ref row, s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref double Start(double[] row) => ref MemoryMarshal.GetArrayDataReference(row);
}
