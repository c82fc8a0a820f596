using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Labels;

/// <summary>
/// The classes of one utterance in one frame: their scores, and a mass of each divided among its terms. One instance for each thread.
/// </summary>
/// <remarks>
/// Sums are of terms relative to the largest one of the frame, in double. A class whose sum is too small for that, or a frame with a term that is
/// NaN or infinite, is computed from logarithms. A term that a class leaves out is never added, so nothing cancels.
/// </remarks>
/// <param name="terms">The largest number of terms of an utterance.</param>
/// <param name="classes">The largest number of classes of an utterance.</param>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal sealed class ClassRow<TLanes>(int terms, int classes)
    where TLanes : struct, IDoubleLanes<TLanes>
{
    // Far above the smallest double, so that the relative error of a sum is that of its terms.
    private const double SmallestSum = 1e-250;

    private readonly double[] logs = new double[terms + ExtendedRange.Lanes];
    private readonly double[] linear = new double[terms + ExtendedRange.Lanes], divided = new double[terms + UtteranceClasses.Step];
    private readonly double[] sums = new double[classes + UtteranceClasses.Step], scores = new double[classes + UtteranceClasses.Step];
    private readonly double[] factors = new double[classes + ExtendedRange.Lanes];
    private readonly double[] before = new double[Math.Max(terms, classes) + 2], behind = new double[Math.Max(terms, classes) + 2];
    private UtteranceClasses own = null!;
    private double largest;
    private bool precise; // all sums are

    /// <summary>Gets the mass of each term, the remainder last, after <see cref="Divide"/>.</summary>
    public ReadOnlySpan<double> Divided => divided.AsSpan(0, Terms);

    private int Terms => own.Tokens.Length + 1;

    /// <summary>Loads the terms, and computes their sum for each class.</summary>
    /// <param name="utterance">The classes.</param>
    /// <param name="row">V scores.</param>
    /// <param name="remainder">The log-sum of the scores of the tokens that no class lists.</param>
    /// <returns>The log-sum of all scores, as <see cref="SoftmaxRow.LogSum"/>.</returns>
    [MethodImpl(InnerLoop.Compiled)]
    public double Load<T>(UtteranceClasses utterance, ReadOnlySpan<T> row, double remainder)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        own = utterance;
        int last = Terms - 1;
        for (int m = 0; m < last; m++) logs[m] = double.CreateTruncating(row[own.Tokens[m]]);
        logs[last] = remainder;
        logs.AsSpan(Terms, ExtendedRange.Lanes).Fill(double.NegativeInfinity);
        ref double x = ref Start(logs), e = ref Start(linear);
        TLanes most = TLanes.Of(double.NegativeInfinity);
        for (int m = 0; m < Terms; m += TLanes.Count) most = TLanes.MaxOrNaN(most, TLanes.Load(ref x, m));
        largest = TLanes.Largest(most); // NaN if one is
        precise = double.IsFinite(largest);
        if (!precise) return double.IsNegativeInfinity(largest) ? largest : double.NaN;

        TLanes shift = TLanes.Of(largest);
        int whole = (Terms + ExtendedRange.Lanes - 1) & -ExtendedRange.Lanes;
        for (int m = 0; m < whole; m += TLanes.Count)
        {
            (TLanes mantissa, TLanes exponent) = ExtendedRange.Exp<Yes, TLanes>(TLanes.Load(ref x, m) - shift);
            TLanes.Scale(mantissa, exponent).Store(ref e, m);
        }

        if (own.Own is { } each) each.Sum(linear, before, behind, sums);
        else Combine(linear, Terms, own.Weights, own.Stride, sums);
        for (int c = 0; c < own.Numbers.Length; c++) precise &= sums[c] >= SmallestSum;
        return largest + Math.Log(Sums<TLanes>.Of(ref e, 0, Terms));
    }

    // Σ factors[k]·rows[k] over k rows, four vectors of each at a time, because each addition waits for the one before.
    [MethodImpl(InnerLoop.Compiled)]
    private static void Combine(double[] factors, int count, double[] rows, int stride, double[] to)
    {
        ref double result = ref Start(to);
        for (nint first = 0; first < stride; first += UtteranceClasses.Step)
        {
            ref double row = ref Unsafe.Add(ref Start(rows), first), factor = ref Start(factors), end = ref Unsafe.Add(ref factor, count);
            for (nint at = 0; at < UtteranceClasses.Step; at += 4 * TLanes.Count)
            {
                TLanes sum = TLanes.Of(0), sum2 = sum, sum3 = sum, sum4 = sum;
                ref double own = ref Unsafe.Add(ref row, at);
                for (ref double each = ref factor; Unsafe.IsAddressLessThan(ref each, ref end); each = ref Unsafe.Add(ref each, 1))
                {
                    TLanes all = TLanes.Of(each);
                    sum = TLanes.MultiplyAdd(all, TLanes.Load(ref own, 0), sum);
                    sum2 = TLanes.MultiplyAdd(all, TLanes.Load(ref own, TLanes.Count), sum2);
                    sum3 = TLanes.MultiplyAdd(all, TLanes.Load(ref own, 2 * TLanes.Count), sum3);
                    sum4 = TLanes.MultiplyAdd(all, TLanes.Load(ref own, 3 * TLanes.Count), sum4);
                    own = ref Unsafe.Add(ref own, stride);
                }

                sum.Store(ref result, first + at);
                sum2.Store(ref result, first + at + TLanes.Count);
                sum3.Store(ref result, first + at + (2 * TLanes.Count));
                sum4.Store(ref result, first + at + (3 * TLanes.Count));
            }
        }
    }

    /// <summary>Computes the score of each class, after <see cref="Load"/>.</summary>
    [MethodImpl(InnerLoop.Compiled)]
    public ReadOnlySpan<double> Score()
    {
        ref double tops = ref Start(own.Tops), sum = ref Start(sums), score = ref Start(scores);
        TLanes shift = TLanes.Of(largest);
        for (int c = 0; c < own.Stride; c += TLanes.Count)
        {
            (TLanes.Log(TLanes.Load(ref sum, c)) + TLanes.Load(ref tops, c) + shift).Store(ref score, c);
        }

        for (int c = 0; (own.AnyOnly || !precise) && c < own.Numbers.Length; c++)
        {
            // One term is its own sum, to the last bit.
            if (own.Only[c] is >= 0 and int only && double.IsFinite(largest)) scores[c] = Weighted(c, only);
            else if (!IsPrecise(c)) scores[c] = ByLogarithms(c);
        }

        return scores.AsSpan(0, own.Numbers.Length);
    }

    /// <summary>Divides the masses of the classes among the terms in proportion.</summary>
    /// <param name="masses">
    /// One for each class, with room for a vector behind the last one. The mass of a class without a possible token is 0.
    /// </param>
    [MethodImpl(InnerLoop.Compiled)]
    public void Divide(ReadOnlySpan<double> masses)
    {
        ref double mass = ref MemoryMarshal.GetReference(masses), sum = ref Start(sums), factor = ref Start(factors);
        if (precise)
        {
            for (int c = 0; c < masses.Length; c += TLanes.Count) (TLanes.Load(ref mass, c) / TLanes.Load(ref sum, c)).Store(ref factor, c);
        }
        else
        {
            for (int c = 0; c < masses.Length; c++) factors[c] = IsPrecise(c) ? masses[c] / sums[c] : 0;
        }

        if (double.IsFinite(largest))
        {
            if (own.Own is { } each) each.Divide(factors, before, behind, divided);
            else Combine(factors, masses.Length, own.ByClass, own.TermStride, divided);
            for (int m = 0; m < Terms; m++) divided[m] *= linear[m];
        }
        else
        {
            Array.Clear(divided);
        }

        for (int c = 0; !precise && c < masses.Length; c++)
        {
            if (IsPrecise(c) || masses[c] == 0) continue;
            double score = ByLogarithms(c);
            for (int m = 0; m < Terms; m++) divided[m] += ShareByLogarithms(c, m, score) * masses[c];
        }
    }

    /// <summary>Adds the mass of each class in each term to sums over frames.</summary>
    /// <param name="masses">As of <see cref="Divide"/>, which comes before.</param>
    /// <param name="to">As <see cref="UtteranceClasses.Weights"/>.</param>
    public void AddTo(ReadOnlySpan<double> masses, double[] to)
    {
        for (int c = 0; c < masses.Length; c++)
        {
            if (!IsPrecise(c) && masses[c] == 0) continue;
            double score = IsPrecise(c) ? 0 : ByLogarithms(c);
            for (int m = 0; m < Terms; m++)
            {
                int cell = (m * own.Stride) + c;
                to[cell] += IsPrecise(c) ? linear[m] * own.Weights[cell] * factors[c] : ShareByLogarithms(c, m, score) * masses[c];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsPrecise(int which) => double.IsFinite(largest) && sums[which] >= SmallestSum;

    private double ByLogarithms(int which)
    {
        double most = double.NegativeInfinity, sum = 0;
        for (int m = 0; m < Terms; m++) most = Math.Max(most, Weighted(which, m));
        if (double.IsNegativeInfinity(most)) return most;
        for (int m = 0; m < Terms; m++) sum += Math.Exp(Weighted(which, m) - most);
        return most + Math.Log(sum);
    }

    private double ShareByLogarithms(int which, int term, double score) =>
        double.IsNegativeInfinity(Weighted(which, term)) ? 0 : Math.Exp(Weighted(which, term) - score);

    // A weight of −∞ leaves out what may be NaN.
    private double Weighted(int which, int term)
    {
        double weight = own.Logs[(term * own.Stride) + which];
        return double.IsNegativeInfinity(weight) ? weight : logs[term] + weight;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref double Start(double[] row) => ref MemoryMarshal.GetArrayDataReference(row);
}
