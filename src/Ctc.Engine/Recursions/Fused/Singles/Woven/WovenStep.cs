using System.Runtime.CompilerServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Singles.Woven;

/// <summary>One frame of the recursions of CTC in float32, over a window of pairs: a blank and the label behind it.</summary>
/// <remarks>
/// A row has four parts, each with a number for each pair: mantissas and exponents of the blanks, and of the labels. Whole vectors are computed from
/// the first pair of the window on; what is behind the last one is undefined until <see cref="Close"/>. Where a pair is half in the window, its other
/// half is not on any path, and α or β is 0. The terms of a sum are in the order of <see cref="Banded.BandedStep{TLanes}"/>: the bits are the same.
/// </remarks>
/// <typeparam name="TLanes">The vectors.</typeparam>
/// <param name="part">The length of a part.</param>
/// <param name="skips">For each pair 0 if its label follows the label before without a blank, else the exponent of zero.</param>
internal readonly ref struct WovenStep<TLanes>(nint part, ref float skips)
    where TLanes : struct, ILanes<TLanes>
{
    private readonly nint part = part;
    private readonly ref float skips = ref skips;

    /// <summary>Computes α_0 = start·emission.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Begin(ref float start, in PairEmissions emission, ref float alpha, int first, int last)
    {
        for (nint s = first; s <= last; s += TLanes.Count) Emit(Load(ref start, s, part), emission, emission.Wide, ref alpha, s, part);
    }

    /// <summary>Computes α_t = emission · Σ α_{t−1}: for blanks over the blank and the label before it, for labels over two or three.</summary>
    public void Enter(ref float before, in PairEmissions emission, ref float alpha, int first, int last)
    {
        if (emission.Wide) Enter<Yes>(ref before, emission, ref alpha, first, last);
        else Enter<No>(ref before, emission, ref alpha, first, last);
    }

    /// <summary>Computes β_t = Σ next, the masses α_t·β_t of blanks and of labels, and next = emission·β_t for the frame before.</summary>
    public void Leave(
        ref float next, ref float alpha, in PairEmissions emission, ref float own, ref float blanks, ref float labels, int first, int last)
    {
        if (emission.Wide) Leave<Yes>(ref next, ref alpha, emission, ref own, ref blanks, ref labels, first, last);
        else Leave<No>(ref next, ref alpha, emission, ref own, ref blanks, ref labels, first, last);
    }

    /// <summary>Computes the masses α·β, and next = emission·β, from a β that is given: in the last frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void End(
        ref float beta, ref float alpha, in PairEmissions emission, ref float own, ref float blanks, ref float labels, int first, int last)
    {
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            Pairs given = Load(ref beta, s, part);
            Weigh(given, Load(ref alpha, s, part), ref blanks, ref labels, s);
            Emit(given, emission, emission.Wide, ref own, s, part);
        }
    }

    /// <summary>Sets the pairs beside a window to zero, as far as other frames read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Close(ref float row, int first, int last)
    {
        TLanes one = TLanes.Of(1), none = TLanes.OfWhole(SingleRange.None);
        Pairs zero = new(one, none, one, none);
        Store(zero, ref row, first - TLanes.Count, part);
        Store(zero, ref row, last + 1, part);
    }

    /// <summary>Sets the masses beside a window to zero, as far as the windows of the frames reach whose masses are summed at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CloseMasses(ref float masses, int first, int last)
    {
        TLanes zero = TLanes.Of(0);
        zero.Store(ref masses, first - TLanes.Count);
        zero.Store(ref masses, last + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Enter<TWide>(ref float before, in PairEmissions emission, ref float alpha, int first, int last)
        where TWide : IChoice
    {
        nint part = this.part;
        ref float skips = ref this.skips;
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            Pairs own = Load(ref before, s, part);
            TLanes label = TLanes.Load(ref before, s + (2 * part) - 1), labelExponent = TLanes.Load(ref before, s + (3 * part) - 1);
            (TLanes blank, TLanes blankExponent) = SingleRange.Sum(own.Blank, own.BlankExponent, label, labelExponent);
            labelExponent = TLanes.AddWhole(labelExponent, TLanes.Load(ref skips, s));
            (label, labelExponent) = SingleRange.Sum(own.Label, own.LabelExponent, own.Blank, own.BlankExponent, label, labelExponent);
            Emit(new Pairs(blank, blankExponent, label, labelExponent), emission, TWide.Chosen, ref alpha, s, part);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Leave<TWide>(
        ref float next, ref float alpha, in PairEmissions emission, ref float own, ref float blanks, ref float labels, int first, int last)
        where TWide : IChoice
    {
        nint part = this.part;
        ref float skips = ref this.skips;
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            Pairs at = Load(ref next, s, part), behind = Load(ref next, s + 1, part);
            (TLanes blank, TLanes blankExponent) = SingleRange.Sum(at.Blank, at.BlankExponent, at.Label, at.LabelExponent);
            TLanes skipped = TLanes.AddWhole(behind.LabelExponent, TLanes.Load(ref skips, s + 1));
            (TLanes label, TLanes labelExponent) = SingleRange.Sum(
                at.Label, at.LabelExponent, behind.Blank, behind.BlankExponent, behind.Label, skipped);
            Pairs beta = new(blank, blankExponent, label, labelExponent);
            Weigh(beta, Load(ref alpha, s, part), ref blanks, ref labels, s);
            Emit(beta, emission, TWide.Chosen, ref own, s, part);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Weigh(Pairs beta, Pairs alpha, ref float blanks, ref float labels, nint s)
    {
        (beta.Blank * alpha.Blank * TLanes.PowerOfTwo(TLanes.AddWhole(beta.BlankExponent, alpha.BlankExponent))).Store(ref blanks, s);
        (beta.Label * alpha.Label * TLanes.PowerOfTwo(TLanes.AddWhole(beta.LabelExponent, alpha.LabelExponent))).Store(ref labels, s);
    }

    // Stores the products with the emissions, with new exponents.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Emit(Pairs sums, in PairEmissions emission, bool wide, ref float to, nint s, nint part)
    {
        (TLanes blankExponent, TLanes labelExponent) = (sums.BlankExponent, sums.LabelExponent);
        if (wide)
        {
            blankExponent = TLanes.AddWhole(blankExponent, TLanes.OfWhole(BitConverter.SingleToInt32Bits(emission.BlankExponent)));
            labelExponent = TLanes.AddWhole(labelExponent, TLanes.Load(ref emission.LabelExponents, s));
        }

        (TLanes blank, blankExponent) = SingleRange.Renew(sums.Blank * TLanes.Of(emission.Blank), blankExponent);
        (TLanes label, labelExponent) = SingleRange.Renew(sums.Label * TLanes.Load(ref emission.Labels, s), labelExponent);
        Store(new Pairs(blank, blankExponent, label, labelExponent), ref to, s, part);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Pairs Load(ref float row, nint s, nint part) => new(
        TLanes.Load(ref row, s), TLanes.Load(ref row, s + part), TLanes.Load(ref row, s + (2 * part)), TLanes.Load(ref row, s + (3 * part)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Pairs pairs, ref float row, nint s, nint part)
    {
        pairs.Blank.Store(ref row, s);
        pairs.BlankExponent.Store(ref row, s + part);
        pairs.Label.Store(ref row, s + (2 * part));
        pairs.LabelExponent.Store(ref row, s + (3 * part));
    }

    private readonly struct Pairs(TLanes blank, TLanes blankExponent, TLanes label, TLanes labelExponent)
    {
        public readonly TLanes Blank = blank, BlankExponent = blankExponent, Label = label, LabelExponent = labelExponent;
    }
}
