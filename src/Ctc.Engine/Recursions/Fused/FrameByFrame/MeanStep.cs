using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.FrameByFrame;

/// <summary>One frame of the mean values of paths, over the states of a window, eight at a time.</summary>
/// <remarks>The terms of the sum over the arcs into a state are the weights of the mean, so means stay of the size of the values.</remarks>
internal static class MeanStep
{
    /// <summary>Computes the mean value of the paths into each state: a_t(s) = Σ_k share_k·(a_{t−1}(s − offset_k) + arc_k) + value.</summary>
    /// <param name="slots">The terms of α.</param>
    /// <param name="offsets">The lengths of the arcs.</param>
    /// <param name="before">a_{t−1}; finite as far as arcs reach.</param>
    /// <param name="ofArcs">The values of the arcs by slot and state.</param>
    /// <param name="values">Those of the tokens of the states.</param>
    /// <param name="mean">Receives a_t.</param>
    /// <param name="first">The first state.</param>
    /// <param name="last">The last state.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Enter<TArcs>(
        in FrameStep.Slots<TArcs> slots, int[] offsets, ref double before, double[][] ofArcs, double[] values, ref double mean, int first, int last)
        where TArcs : IChoice
    {
        ref double a0 = ref Unsafe.Subtract(ref before, offsets[0]), a1 = ref Unsafe.Subtract(ref before, offsets[1]);
        ref double a2 = ref Unsafe.Subtract(ref before, offsets[2]);
        for (nint s = first; s <= last; s += ExtendedRange.Lanes)
        {
            (_, Vector512<double> t0, Vector512<double> t1, Vector512<double> t2) = slots.Terms(s);
            Vector512<double> sum = t0 * (Load(ref a0, s) + Load(ref ofArcs[0][0], s));
            sum = Vector512.FusedMultiplyAdd(t1, Load(ref a1, s) + Load(ref ofArcs[1][0], s), sum);
            sum = Vector512.FusedMultiplyAdd(t2, Load(ref a2, s) + Load(ref ofArcs[2][0], s), sum);
            Store((sum / Vector512.MaxNative(t0 + t1 + t2, Vector512.Create(0.25))) + Load(ref values[0], s), ref mean, s);
        }
    }

    /// <summary>Adds the covariance of each arc: its mass, times the difference of the mean value of the paths through it from that of all.</summary>
    /// <param name="slots">The terms of α.</param>
    /// <param name="offsets">The lengths of the arcs.</param>
    /// <param name="before">a_{t−1}.</param>
    /// <param name="ofArcs">The values of the arcs.</param>
    /// <param name="after">For each state the mean value from the frame on.</param>
    /// <param name="mean">The mean value of all paths.</param>
    /// <param name="shares">The mass of each state over the sum of its terms.</param>
    /// <param name="taken">By slot and state.</param>
    /// <param name="first">The first state.</param>
    /// <param name="last">The last state.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Take<TArcs>(
        in FrameStep.Slots<TArcs> slots,
        int[] offsets,
        ref double before,
        double[][] ofArcs,
        double[] after,
        double mean,
        double[] shares,
        double[][] taken,
        int first,
        int last)
        where TArcs : IChoice
    {
        for (nint s = first; s <= last; s += ExtendedRange.Lanes)
        {
            (_, Vector512<double> t0, Vector512<double> t1, Vector512<double> t2) = slots.Terms(s);
            Vector512<double> share = Load(ref shares[0], s), rest = Load(ref after[0], s) - Vector512.Create(mean);
            Add(t0, 0, ref Unsafe.Subtract(ref before, offsets[0]));
            Add(t1, 1, ref Unsafe.Subtract(ref before, offsets[1]));
            Add(t2, 2, ref Unsafe.Subtract(ref before, offsets[2]));

            void Add(Vector512<double> term, int slot, ref double upTo)
            {
                Vector512<double> difference = Load(ref upTo, s) + Load(ref ofArcs[slot][0], s) + rest;
                Store(Vector512.FusedMultiplyAdd(term * share, difference, Load(ref taken[slot][0], s)), ref taken[slot][0], s);
            }
        }
    }

    /// <summary>Computes share·(rest + value of the arc), in whole vectors of rows that are as long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weigh(double[] shares, double[] rest, double[] ofArcs, double[] weighted, int first, int end)
    {
        for (nint s = first & -ExtendedRange.Lanes; s < end; s += ExtendedRange.Lanes)
        {
            Store(Load(ref shares[0], s) * (Load(ref rest[0], s) + Load(ref ofArcs[0], s)), ref weighted[0], s);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ref double row, nint s) => Vector512.LoadUnsafe(ref Unsafe.Add(ref row, s));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<double> values, ref double row, nint s) => values.StoreUnsafe(ref Unsafe.Add(ref row, s));
}
