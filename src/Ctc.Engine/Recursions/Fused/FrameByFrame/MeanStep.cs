using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.FrameByFrame;

/// <summary>One frame of <see cref="FrameStep{TLanes}"/> with the mean values of paths, over the states of a window, a vector at a time.</summary>
/// <remarks>
/// The terms of the sum over the arcs into a state are the weights of the mean, so means stay of the size of the values. On the way back mass·b is
/// computed instead of b, the mean value of the rest of a path: it is divided among arcs as the mass is, without a division by the mass.
/// </remarks>
/// <param name="length">The length of a row of states, including what vectors read behind the last one.</param>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal sealed class MeanStep<TLanes>(int length)
    where TLanes : struct, IDoubleLanes<TLanes>
{
    private readonly double[] later = new double[length], rests = new double[length];

    /// <summary>Gets the value of each state's token in the frame; finite beyond the window.</summary>
    public double[] OfStates { get; } = new double[length];

    /// <summary>Gets the values of the arcs, by slot and state.</summary>
    public double[][] OfArcs { get; } = [new double[length], new double[length], new double[length]];

    /// <summary>Gets mass·(a + b − mean) of each state; 0 outside of the window.</summary>
    public double[] Amounts { get; } = new double[length];

    /// <summary>Gets the mean value of all paths.</summary>
    public double Mean { get; private set; }

    /// <summary>Sets all values to 0.</summary>
    public void Clear()
    {
        foreach (double[] row in (double[][])[OfStates, .. OfArcs, later, rests, Amounts]) Array.Clear(row);
    }

    /// <summary>
    /// Computes sums and α as <see cref="FrameStep{TLanes}.Enter"/>, and the mean value of the paths into each state:
    /// a_t(s) = Σ_k share_k·(a_{t−1}(s − offset_k) + arc_k) + value.
    /// </summary>
    /// <param name="before">α_{t−1}.</param>
    /// <param name="emissions">Those of the frame.</param>
    /// <param name="sum">Receives the sums.</param>
    /// <param name="alpha">Receives α_t.</param>
    /// <param name="arcs">The arcs.</param>
    /// <param name="offsets">Their lengths.</param>
    /// <param name="upToBefore">a_{t−1}; finite as far as arcs reach.</param>
    /// <param name="upTo">Receives a_t.</param>
    /// <param name="first">The first state.</param>
    /// <param name="last">The last state.</param>
    public void Enter(
        in StateRow<double> before,
        FrameEmissions<TLanes> emissions,
        in StateRow<double> sum,
        in StateRow<double> alpha,
        ArcRows<double> arcs,
        int[] offsets,
        ref double upToBefore,
        ref double upTo,
        int first,
        int last)
    {
        StateRow<double> emission = emissions.Row;
        if (arcs.Scored && emissions.Wide) Enter<Yes, Yes>(before, emission, sum, alpha, arcs, offsets, ref upToBefore, ref upTo, first, last);
        else if (arcs.Scored) Enter<Yes, No>(before, emission, sum, alpha, arcs, offsets, ref upToBefore, ref upTo, first, last);
        else if (emissions.Wide) Enter<No, Yes>(before, emission, sum, alpha, arcs, offsets, ref upToBefore, ref upTo, first, last);
        else Enter<No, No>(before, emission, sum, alpha, arcs, offsets, ref upToBefore, ref upTo, first, last);
    }

    /// <summary>Computes the mean of all paths, and the amounts of the last frame.</summary>
    /// <param name="masses">The masses of the states.</param>
    /// <param name="upTo">a of the frame.</param>
    /// <param name="ofEnds">The value of ending in each state.</param>
    /// <param name="first">The first state.</param>
    /// <param name="last">The last state.</param>
    public void End(double[] masses, ref double upTo, double[] ofEnds, int first, int last)
    {
        Mean = 0;
        for (int s = first; s <= last; s++) Mean += masses[s] * (Unsafe.Add(ref upTo, s) + ofEnds[s]);
        for (int s = first; s <= last; s++)
        {
            later[s] = masses[s] * ofEnds[s];
            Amounts[s] = (masses[s] * (Unsafe.Add(ref upTo, s) - Mean)) + later[s];
        }
    }

    /// <summary>
    /// Computes the shares as <see cref="FrameStep{TLanes}.Share"/>, and likewise mass·(b + value) of each state divided by its sum.
    /// </summary>
    [MethodImpl(InnerLoop.Compiled)]
    public void Share(ref double mass, ref double sum, ref double share, int first, int last)
    {
        ref double after = ref Start(later), values = ref Start(OfStates), rest = ref Start(rests);
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            TLanes divisor = FrameStep<TLanes>.Divisor(TLanes.Load(ref sum, s)), part = TLanes.Load(ref mass, s) / divisor;
            part.Store(ref share, s);
            ((TLanes.Load(ref after, s) / divisor) + (part * TLanes.Load(ref values, s))).Store(ref rest, s);
        }
    }

    /// <summary>Sets what <see cref="Share"/> computes beside the shares to 0.</summary>
    public void Silence(int from, int count) => rests.AsSpan(from, count).Clear();

    /// <summary>Adds the covariance of each arc: its mass, times the difference of the mean value of the paths through it from that of all.</summary>
    /// <param name="before">α_{t−1}.</param>
    /// <param name="share">The shares.</param>
    /// <param name="arcs">The arcs.</param>
    /// <param name="offsets">Their lengths.</param>
    /// <param name="upTo">a_{t−1}.</param>
    /// <param name="first">The first state.</param>
    /// <param name="last">The last state.</param>
    /// <param name="taken">By slot and state.</param>
    public void Take(
        in StateRow<double> before, ref double share, ArcRows<double> arcs, int[] offsets, ref double upTo, int first, int last, double[][] taken)
    {
        if (arcs.Scored) Take<Yes>(before, ref share, arcs, offsets, ref upTo, first, last, taken);
        else Take<No>(before, ref share, arcs, offsets, ref upTo, first, last, taken);
    }

    /// <summary>Computes masses as <see cref="FrameStep{TLanes}.Return"/>, and the amounts of the frame before.</summary>
    /// <param name="before">α_{t−1}.</param>
    /// <param name="shares">The shares, with the exponents of the sums.</param>
    /// <param name="mass">Receives the masses.</param>
    /// <param name="arcs">The arcs.</param>
    /// <param name="offsets">Their lengths.</param>
    /// <param name="upTo">a_{t−1}.</param>
    /// <param name="first">The first state.</param>
    /// <param name="last">The last state.</param>
    /// <param name="behind">How many states behind it were in the window of the frame.</param>
    public void Return(
        in StateRow<double> before, in StateRow<double> shares, ref double mass, ArcRows<double> arcs, int[] offsets, ref double upTo, int first,
        int last, int behind)
    {
        if (arcs.Scored) Return<Yes>(before, shares, ref mass, arcs, offsets, ref upTo, first, last);
        else Return<No>(before, shares, ref mass, arcs, offsets, ref upTo, first, last);
        later.AsSpan(last + 1, behind + ExtendedRange.Lanes).Clear();
        Amounts.AsSpan(last + 1, behind + ExtendedRange.Lanes).Clear();
    }

    [MethodImpl(InnerLoop.Compiled)]
    private void Enter<TArcs, TWide>(
        in StateRow<double> before,
        in StateRow<double> emission,
        in StateRow<double> sum,
        in StateRow<double> alpha,
        ArcRows<double> arcs,
        int[] offsets,
        ref double upToBefore,
        ref double upTo,
        int first,
        int last)
        where TArcs : IChoice
        where TWide : IChoice
    {
        var incoming = new FrameStep<TLanes>.Incoming<TArcs>(before, arcs, offsets);
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2];
        ref double v0 = ref Start(OfArcs[0]), v1 = ref Start(OfArcs[1]), v2 = ref Start(OfArcs[2]), values = ref Start(OfStates);
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            (TLanes exponent, TLanes t0, TLanes t1, TLanes t2) = incoming.Terms(s);
            TLanes total = t0 + t1 + t2;
            FrameStep<TLanes>.Emit<TWide>(total, exponent, emission, sum, alpha, s);
            TLanes value = t0 * (TLanes.Load(ref upToBefore, s - o0) + TLanes.Load(ref v0, s));
            value = TLanes.MultiplyAdd(t1, TLanes.Load(ref upToBefore, s - o1) + TLanes.Load(ref v1, s), value);
            value = TLanes.MultiplyAdd(t2, TLanes.Load(ref upToBefore, s - o2) + TLanes.Load(ref v2, s), value);
            ((value / FrameStep<TLanes>.Divisor(total)) + TLanes.Load(ref values, s)).Store(ref upTo, s);
        }
    }

    [MethodImpl(InnerLoop.Compiled)]
    private void Take<TArcs>(
        in StateRow<double> before, ref double share, ArcRows<double> arcs, int[] offsets, ref double upTo, int first, int last, double[][] taken)
        where TArcs : IChoice
    {
        var incoming = new FrameStep<TLanes>.Incoming<TArcs>(before, arcs, offsets);
        TLanes mean = TLanes.Of(Mean);
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            (_, TLanes t0, TLanes t1, TLanes t2) = incoming.Terms(s);
            TLanes part = TLanes.Load(ref share, s), rest = TLanes.Load(ref Start(rests), s);
            Add(t0, ref Unsafe.Subtract(ref upTo, offsets[0]), ref Start(OfArcs[0]), ref Start(taken[0]));
            Add(t1, ref Unsafe.Subtract(ref upTo, offsets[1]), ref Start(OfArcs[1]), ref Start(taken[1]));
            Add(t2, ref Unsafe.Subtract(ref upTo, offsets[2]), ref Start(OfArcs[2]), ref Start(taken[2]));

            void Add(TLanes term, ref double source, ref double value, ref double to)
            {
                TLanes difference = TLanes.Load(ref source, s) + TLanes.Load(ref value, s) - mean;
                TLanes.MultiplyAdd(term, TLanes.MultiplyAdd(part, difference, rest), TLanes.Load(ref to, s)).Store(ref to, s);
            }
        }
    }

    [MethodImpl(InnerLoop.Compiled)]
    private void Return<TArcs>(
        in StateRow<double> before, in StateRow<double> shares, ref double mass, ArcRows<double> arcs, int[] offsets, ref double upTo, int first,
        int last)
        where TArcs : IChoice
    {
        var outgoing = new FrameStep<TLanes>.Outgoing<TArcs>(before, ref shares.Exponent, arcs, offsets);
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2];
        ref double v0 = ref Unsafe.Add(ref Start(OfArcs[0]), o0), v1 = ref Unsafe.Add(ref Start(OfArcs[1]), o1);
        ref double v2 = ref Unsafe.Add(ref Start(OfArcs[2]), o2), share = ref shares.Mantissa, rest = ref Start(rests);
        ref double after = ref Start(later), amount = ref Start(Amounts);
        TLanes mean = TLanes.Of(Mean);
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            (TLanes f0, TLanes f1, TLanes f2) = outgoing.Factors(s);
            TLanes s0 = TLanes.Load(ref share, s + o0), s1 = TLanes.Load(ref share, s + o1), s2 = TLanes.Load(ref share, s + o2);
            TLanes alpha = TLanes.Load(ref before.Mantissa, s), own = alpha * ((f0 * s0) + (f1 * s1) + (f2 * s2));
            TLanes value = f0 * TLanes.MultiplyAdd(s0, TLanes.Load(ref v0, s), TLanes.Load(ref rest, s + o0));
            value = TLanes.MultiplyAdd(f1, TLanes.MultiplyAdd(s1, TLanes.Load(ref v1, s), TLanes.Load(ref rest, s + o1)), value);
            value = TLanes.MultiplyAdd(f2, TLanes.MultiplyAdd(s2, TLanes.Load(ref v2, s), TLanes.Load(ref rest, s + o2)), value) * alpha;
            own.Store(ref mass, s);
            value.Store(ref after, s);
            TLanes.MultiplyAdd(own, TLanes.Load(ref upTo, s) - mean, value).Store(ref amount, s);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref double Start(double[] row) => ref MemoryMarshal.GetArrayDataReference(row);
}
