using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.FrameByFrame;

/// <summary>One frame of the forward and of the backward pass over arcs between any states, over the states of a window.</summary>
/// <remarks>
/// The same sums as <see cref="FrameStep{TLanes}"/>; what arcs come from is loaded or gathered, and masses go back to where they come from. Rows are
/// read up to seven states before the first and behind the last.
/// </remarks>
/// <typeparam name="TLanes">The vectors.</typeparam>
/// <param name="incoming">The arcs into states.</param>
internal sealed class GatherStep<TLanes>(PackedRows incoming)
    where TLanes : struct, IDoubleLanes<TLanes>
{
    private double[] scratch = [];

    /// <summary>Computes α_t = sum·emission.</summary>
    [MethodImpl(InnerLoop.Compiled)]
    public static void Emit(FrameEmissions<TLanes> emissions, in StateRow<double> sum, in StateRow<double> alpha, int first, int last)
    {
        StateRow<double> emission = emissions.Row;
        for (nint s = first & -TLanes.Count; s <= last; s += TLanes.Count)
        {
            (TLanes total, TLanes exponent) = TLanes.Split(TLanes.Load(ref sum.Mantissa, s));
            (TLanes mantissa, TLanes more) = TLanes.Split(total * TLanes.Load(ref emission.Mantissa, s));
            exponent += TLanes.Load(ref sum.Exponent, s) + more;
            mantissa.Store(ref alpha.Mantissa, s);
            (emissions.Wide ? exponent + TLanes.Load(ref emission.Exponent, s) : exponent).Store(ref alpha.Exponent, s);
        }
    }

    /// <summary>Computes the sum Σ α_{t−1}(source)·arc.</summary>
    [MethodImpl(InnerLoop.Compiled)]
    public void Sum(in StateRow<double> before, in StateRow<double> sum, int first, int last)
    {
        if (scratch.Length < incoming.Most * TLanes.Count) scratch = new double[incoming.Most * TLanes.Count];
        ref double kept = ref Start(scratch), mantissas = ref Start(incoming.Mantissas), exponents = ref Start(incoming.Exponents);
        int end = last | (ExtendedRange.Lanes - 1); // masses are divided by the sums of whole blocks
        for (int s = first & -ExtendedRange.Lanes; s <= end; s += TLanes.Count)
        {
            (PackedRows.Block rows, int lane) = incoming.Of(s);
            TLanes largest = TLanes.Of(ExtendedRange.Floor), total = TLanes.Of(0);
            for (nint row = rows.From; row < rows.To; row++)
            {
                TLanes exponent = incoming.AtEnds<TLanes>(ref before.Exponent, rows, row, lane);
                exponent += TLanes.Load(ref exponents, (row * ExtendedRange.Lanes) + lane);
                exponent.Store(ref kept, (row - rows.From) * TLanes.Count);
                largest = TLanes.MaxOrNaN(largest, exponent);
            }

            for (nint row = rows.From; row < rows.To; row++)
            {
                TLanes mantissa = incoming.AtEnds<TLanes>(ref before.Mantissa, rows, row, lane);
                mantissa *= TLanes.Load(ref mantissas, (row * ExtendedRange.Lanes) + lane);
                total += TLanes.Scale(mantissa, TLanes.Load(ref kept, (row - rows.From) * TLanes.Count) - largest);
            }

            total.Store(ref sum.Mantissa, s);
            largest.Store(ref sum.Exponent, s);
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
    public void Return(
        in StateRow<double> before, in StateRow<double> sum, ref double shares, ref double mass, Span<double> taken, int first, int last)
    {
        Span<double> parts = stackalloc double[ExtendedRange.Lanes];
        ref double mantissas = ref Start(incoming.Mantissas), exponents = ref Start(incoming.Exponents), each = ref parts[0];
        ref int ends = ref MemoryMarshal.GetArrayDataReference(incoming.Ends);
        for (int s = first & -ExtendedRange.Lanes; s <= last; s += ExtendedRange.Lanes)
        {
            PackedRows.Block rows = incoming.Of(s).Rows;
            for (nint row = rows.From; row < rows.To; row++)
            {
                nint start = row * ExtendedRange.Lanes;
                double total = 0; // to one state at the other ends of all
                for (int lane = 0; lane < ExtendedRange.Lanes; lane += TLanes.Count)
                {
                    nint place = start + lane;
                    TLanes exponent = incoming.AtEnds<TLanes>(ref before.Exponent, rows, row, lane) + TLanes.Load(ref exponents, place);
                    TLanes mantissa = incoming.AtEnds<TLanes>(ref before.Mantissa, rows, row, lane) * TLanes.Load(ref mantissas, place);
                    TLanes part = TLanes.Scale(mantissa, exponent - TLanes.Load(ref sum.Exponent, s + lane)) * TLanes.Load(ref shares, s + lane);
                    if (row >= rows.Shared)
                    {
                        part.Store(ref each, 0);
                        for (int i = 0; i < TLanes.Count; i++) Unsafe.Add(ref mass, Unsafe.Add(ref ends, place + i)) += Unsafe.Add(ref each, i);
                    }
                    else if (rows.SameEnd)
                    {
                        total += TLanes.Sum(part);
                    }
                    else
                    {
                        Add(part, ref mass, Unsafe.Add(ref ends, start) + lane);
                    }

                    if (taken.Length > 0) Add(part, ref MemoryMarshal.GetReference(taken), place);
                }

                if (row < rows.Shared && rows.SameEnd) Unsafe.Add(ref mass, Unsafe.Add(ref ends, start)) += total;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TLanes values, ref double row, nint s) => (TLanes.Load(ref row, s) + values).Store(ref row, s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref double Start(double[] row) => ref MemoryMarshal.GetArrayDataReference(row);
}
