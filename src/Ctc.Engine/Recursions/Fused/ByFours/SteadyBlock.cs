using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.ByFours;

/// <summary>
/// Four frames in which the exponent of each state is constant: α is a double of any size over two to that exponent. The score of an arc and the
/// difference between the exponents of its two ends are then one factor for all four frames.
/// </summary>
/// <remarks>
/// <para>
/// Why nothing is lost: a block is used if every emission is within 2^±100 and every factor within 2^±128, or 0 because there is no arc. Each α
/// in it is then 0, because no path leads there, or a sum of at most 3⁴ products of a mantissa, four factors and four emissions: within 2^±922,
/// inside the range of a double. So nothing overflows and no term underflows. Other frames are computed one by one.
/// </para>
/// <para>
/// The backward pass computes the ratio of mass to α, which needs no division, like the recursion of β:
/// ratio_{t−1}(s) = Σ_k share_t(s + offset_k)·w_k(s + offset_k), and share_t = ratio_t·emission_t. If α is not 0 the ratio is at most 2⁹²²,
/// because a mass is at most 1; the mass lost by underflow is less than 2⁻¹⁰⁰ of all. If α is 0 the ratio has no such bound and is clamped, so
/// that the mass is 0 and not ∞·0 = NaN.
/// </para>
/// <para>
/// Numbers just written are loaded again as the same vectors of eight, and shifted to neighbouring states in registers: a load that overlaps two
/// recent stores stalls. For the same reason the four numbers of a state are adjacent where states are accessed one by one.
/// </para>
/// </remarks>
internal sealed class SteadyBlock : IDisposable
{
    /// <summary>The number of frames in a block.</summary>
    public const int Frames = 4;

    private const int Rows = Frames + 1;

    /// <summary>The largest absolute exponent of an emission.</summary>
    public const int MostEmission = 100;

    private const double Smallest = 2.2250738585072014e-308; // the smallest positive normal number

    private static readonly double MostRatio = Math.ScaleB(1, 923);

    private readonly int width;
    private readonly AlignedNumbers alphas, emissions, factors, masses;
    private readonly ArcRows arcs;
    private readonly int[] offsets;
    private readonly Vector512<long>[] rights, lefts;

    /// <param name="blocks">The number of blocks kept for the backward pass.</param>
    /// <param name="width">The capacity in states, in whole vectors.</param>
    /// <param name="arcs">The arcs between them.</param>
    /// <param name="offsets">By slot: the length of the arcs, at most <see cref="ExtendedRange.Lanes"/>.</param>
    public SteadyBlock(int blocks, int width, ArcRows arcs, int[] offsets)
    {
        (this.width, this.arcs, this.offsets) = (width, arcs, offsets);
        lefts = [.. offsets.Select(offset => Vector512.CreateSequence((long)offset, 1))];
        rights = [.. offsets.Select(offset => Vector512.CreateSequence((long)ExtendedRange.Lanes - offset, 1))];
        alphas = new AlignedNumbers(checked(blocks * Rows * (ExtendedRange.Lanes + width)));
        emissions = new AlignedNumbers(checked(blocks * Frames * width));
        factors = new AlignedNumbers(checked(blocks * BandedBatch<double>.Slots * (width + ExtendedRange.Lanes)));
        masses = new AlignedNumbers(Frames * width);
    }

    /// <summary>Returns the size of a block in bytes.</summary>
    public static long Bytes(int width) => (long)sizeof(double) * width * (Rows + Frames + BandedBatch<double>.Slots);

    /// <summary>Returns the memory of the emissions of a block, to be filled before its forward pass: four numbers for each state.</summary>
    public ref double Emissions(int block) => ref emissions[block * Frames * width];

    /// <summary>Gets the masses of a block after its backward pass: of the frame before it and of its first three, four for each state.</summary>
    public ref double Masses => ref masses[0];

    /// <summary>Runs the forward pass of a block.</summary>
    /// <param name="block">The number of the block among those that are kept.</param>
    /// <param name="before">α of the frame before the block.</param>
    /// <param name="end">Receives α of its last frame.</param>
    /// <param name="first">The first state of the block.</param>
    /// <param name="last">The last state of the block.</param>
    /// <param name="reached">The last state whose α before the block is not 0.</param>
    /// <returns>Whether all factors are within bounds; if not, the results are undefined.</returns>
    public bool Forward(int block, in StateRow before, in StateRow end, int first, int last, int reached) => arcs.Scored
        ? Forward<Yes>(block, before, end, first, last, reached)
        : Forward<No>(block, before, end, first, last, reached);

    /// <summary>Runs the backward pass of a block.</summary>
    /// <param name="block">As of <see cref="Forward"/>.</param>
    /// <param name="first">As of <see cref="Forward"/>.</param>
    /// <param name="last">As of <see cref="Forward"/>.</param>
    /// <param name="mass">In: the mass of the last frame. Out: that of the frame before the block.</param>
    /// <param name="mask">1 for each state whose mass is to be summed, 0 for others.</param>
    /// <param name="taken">By slot: the mass of the arcs is added to it. Null if not wanted.</param>
    /// <returns>The sums for the frame before the block and its first three.</returns>
    public Vector256<double> Backward(int block, int first, int last, ref double mass, ref double mask, double[][]? taken) => taken is null
        ? Backward<No>(block, first, last, ref mass, ref mask, taken)
        : Backward<Yes>(block, first, last, ref mass, ref mask, taken);

    /// <inheritdoc/>
    public void Dispose()
    {
        alphas.Dispose();
        emissions.Dispose();
        factors.Dispose();
        masses.Dispose();
    }

    private ref double Alphas(int block) => ref alphas[Rows * ((block * (ExtendedRange.Lanes + width)) + ExtendedRange.Lanes)];

    private ref double Factors(int block, int slot) => ref factors[((block * BandedBatch<double>.Slots) + slot) * (width + ExtendedRange.Lanes)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Forward<TArcs>(int block, in StateRow before, in StateRow end, int first, int last, int reached)
        where TArcs : IChoice
    {
        var held = new HeldExponents<TArcs>(before, arcs, rights, first, last, reached);
        ref double alphas = ref Alphas(block), emissions = ref Emissions(block);
        (Vector512<long> right0, Vector512<long> right1, Vector512<long> right2) = (rights[0], rights[1], rights[2]);
        ref double f0 = ref Factors(block, 0), f1 = ref Factors(block, 1), f2 = ref Factors(block, 2);
        nint from = first & -ExtendedRange.Lanes, behind = (last & -ExtendedRange.Lanes) + ExtendedRange.Lanes;
        Vector512<double> zero = Vector512<double>.Zero, left0 = zero, left1 = zero, left2 = zero, left3 = zero, good = Vector512<double>.AllBitsSet;
        Keep(ref alphas, from - ExtendedRange.Lanes, zero, zero, zero, zero, zero);
        Store(zero, ref f0, behind);
        Store(zero, ref f1, behind);
        Store(zero, ref f2, behind);
        Vector512<double> leftExponent = held.Exponents(from - ExtendedRange.Lanes);
        for (nint s = from; s <= last; s += ExtendedRange.Lanes)
        {
            Vector512<double> exponent = held.Exponents(s), alpha0 = held.Before(s);
            (Vector512<double> w0, Vector512<double> w1, Vector512<double> w2, Vector512<double> factorsAreGood) =
                held.Factors(s, leftExponent, exponent);
            (Vector512<double> e1, Vector512<double> e2, Vector512<double> e3, Vector512<double> e4) =
                Lanes.Deinterleave(ref Unsafe.Add(ref emissions, Frames * s));
            Vector512<double> alpha1 = Enter(left0, alpha0) * e1, alpha2 = Enter(left1, alpha1) * e2;
            Vector512<double> alpha3 = Enter(left2, alpha2) * e3, alpha4 = Enter(left3, alpha3) * e4;
            Keep(ref alphas, s, alpha0, alpha1, alpha2, alpha3, alpha4);
            Store(w0, ref f0, s);
            Store(w1, ref f1, s);
            Store(w2, ref f2, s);
            (Vector512<double> mantissa, Vector512<double> more) = ExtendedRange.Split(alpha4);
            mantissa.StoreUnsafe(ref Unsafe.Add(ref end.Mantissa, s));
            (exponent + more).StoreUnsafe(ref Unsafe.Add(ref end.Exponent, s));
            good &= factorsAreGood;
            (leftExponent, left0, left1, left2, left3) = (exponent, alpha0, alpha1, alpha2, alpha3);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            Vector512<double> Enter(Vector512<double> left, Vector512<double> alpha) => Vector512.FusedMultiplyAdd(
                Lanes.Pick(left, right0, alpha),
                w0,
                Vector512.FusedMultiplyAdd(Lanes.Pick(left, right1, alpha), w1, Lanes.Pick(left, right2, alpha) * w2));
        }

        return good.ExtractMostSignificantBits() == (1ul << ExtendedRange.Lanes) - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector256<double> Backward<TTake>(int block, int first, int last, ref double mass, ref double mask, double[][]? taken)
        where TTake : IChoice
    {
        ref double alphas = ref Alphas(block), emissions = ref Emissions(block), masses = ref Masses;
        ref double f0 = ref Unsafe.Add(ref Factors(block, 0), offsets[0]), f1 = ref Unsafe.Add(ref Factors(block, 1), offsets[1]);
        ref double f2 = ref Unsafe.Add(ref Factors(block, 2), offsets[2]);
        (Vector512<long> left0, Vector512<long> left1, Vector512<long> left2) = (lefts[0], lefts[1], lefts[2]);
        nint from = first & -ExtendedRange.Lanes, to = last & -ExtendedRange.Lanes;
        Vector512<double> zero = Vector512<double>.Zero, right1 = zero, right2 = zero, right3 = zero, right4 = zero;
        Vector512<double> most = Vector512.Create(MostRatio), common0 = zero, common1 = zero, common2 = zero, common3 = zero;
        for (nint s = to; s >= from; s -= ExtendedRange.Lanes)
        {
            (Vector512<double> v0, Vector512<double> v1, Vector512<double> v2) = (Load(ref f0, s), Load(ref f1, s), Load(ref f2, s));
            ref double column = ref Unsafe.Add(ref alphas, Rows * s);
            (Vector512<double> e1, Vector512<double> e2, Vector512<double> e3, Vector512<double> e4) =
                Lanes.Deinterleave(ref Unsafe.Add(ref emissions, Frames * s));
            // If α is 0, so is the mass.
            Vector512<double> share4 = Load(ref mass, s) / Vector512.MaxNative(Load(ref column, 32), Vector512.Create(Smallest)) * e4;
            Vector512<double> ratio3 = Leave(share4, right4), share3 = ratio3 * e3;
            Vector512<double> ratio2 = Leave(share3, right3), share2 = ratio2 * e2;
            Vector512<double> ratio1 = Leave(share2, right2), share1 = ratio1 * e1;
            Vector512<double> ratio0 = Leave(share1, right1);
            Vector512<double> mass0 = ratio0 * Load(ref column, 0), mass1 = ratio1 * Load(ref column, 8);
            Vector512<double> mass2 = ratio2 * Load(ref column, 16), mass3 = ratio3 * Load(ref column, 24);
            mass0.StoreUnsafe(ref Unsafe.Add(ref mass, s));
            Lanes.Interleave(mass0, mass1, mass2, mass3, ref Unsafe.Add(ref masses, Frames * s));
            Vector512<double> isCommon = Load(ref mask, s);
            common0 = Vector512.FusedMultiplyAdd(mass0, isCommon, common0);
            common1 = Vector512.FusedMultiplyAdd(mass1, isCommon, common1);
            common2 = Vector512.FusedMultiplyAdd(mass2, isCommon, common2);
            common3 = Vector512.FusedMultiplyAdd(mass3, isCommon, common3);
            if (TTake.Chosen)
            {
                Take(ref column, ref Factors(block, 0), s, taken![0], rights[0], share1, share2, share3, share4);
                Take(ref column, ref Factors(block, 1), s, taken![1], rights[1], share1, share2, share3, share4);
                Take(ref column, ref Factors(block, 2), s, taken![2], rights[2], share1, share2, share3, share4);
            }

            (right1, right2, right3, right4) = (share1, share2, share3, share4);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            Vector512<double> Leave(Vector512<double> share, Vector512<double> right) => Vector512.MinNative(Vector512.FusedMultiplyAdd(
                Lanes.Pick(share, left0, right),
                v0,
                Vector512.FusedMultiplyAdd(Lanes.Pick(share, left1, right), v1, Lanes.Pick(share, left2, right) * v2)), most);
        }

        return Vector256.Create(Vector512.Sum(common0), Vector512.Sum(common1), Vector512.Sum(common2), Vector512.Sum(common3));
    }

    private static void Take(
        ref double column,
        ref double factor,
        nint s,
        double[] taken,
        Vector512<long> places,
        Vector512<double> share1,
        Vector512<double> share2,
        Vector512<double> share3,
        Vector512<double> share4)
    {
        ref double left = ref Unsafe.Subtract(ref column, Rows * ExtendedRange.Lanes), own = ref taken[s];
        Vector512<double> sum = Lanes.Pick(Load(ref left, 0), places, Load(ref column, 0)) * share1;
        sum = Vector512.FusedMultiplyAdd(Lanes.Pick(Load(ref left, 8), places, Load(ref column, 8)), share2, sum);
        sum = Vector512.FusedMultiplyAdd(Lanes.Pick(Load(ref left, 16), places, Load(ref column, 16)), share3, sum);
        sum = Vector512.FusedMultiplyAdd(Lanes.Pick(Load(ref left, 24), places, Load(ref column, 24)), share4, sum);
        Vector512.FusedMultiplyAdd(sum, Load(ref factor, s), Load(ref own, 0)).StoreUnsafe(ref own);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(
        ref double alphas, nint s, Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d, Vector512<double> e)
    {
        ref double column = ref Unsafe.Add(ref alphas, Rows * s);
        a.StoreUnsafe(ref column);
        b.StoreUnsafe(ref column, 8);
        c.StoreUnsafe(ref column, 16);
        d.StoreUnsafe(ref column, 24);
        e.StoreUnsafe(ref column, 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<double> numbers, ref double row, nint s) => numbers.StoreUnsafe(ref Unsafe.Add(ref row, s));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ref double row, nint s) => Vector512.LoadUnsafe(ref Unsafe.Add(ref row, s));
}
