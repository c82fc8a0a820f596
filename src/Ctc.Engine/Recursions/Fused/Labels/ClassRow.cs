using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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
internal sealed class ClassRow(int terms, int classes)
{
    // Far above the smallest double, so that the relative error of a sum is that of its terms.
    private const double SmallestSum = 1e-250;

    private readonly double[] logs = new double[terms + ExtendedRange.Lanes];
    private readonly double[] linear = new double[terms + ExtendedRange.Lanes], divided = new double[terms + ExtendedRange.Lanes];
    private readonly double[] sums = new double[classes + ExtendedRange.Lanes], scores = new double[classes + ExtendedRange.Lanes];
    private readonly double[] factors = new double[classes + ExtendedRange.Lanes];
    private UtteranceClasses own = null!;
    private double largest;

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
        Vector512<double> most = Vector512.Create(double.NegativeInfinity);
        for (int m = 0; m < Terms; m += ExtendedRange.Lanes) most = Vector512.Max(most, Load(ref x, m));
        largest = ExtendedRange.Largest(most); // NaN if one is
        if (!double.IsFinite(largest)) return double.IsNegativeInfinity(largest) ? largest : double.NaN;

        Vector512<double> shift = Vector512.Create(largest), all = Vector512<double>.Zero;
        for (int m = 0; m < Terms; m += ExtendedRange.Lanes)
        {
            (Vector512<double> mantissa, Vector512<double> exponent) = ExtendedRange.Exp<Yes>(Load(ref x, m) - shift);
            Vector512<double> term = ExtendedRange.Scale(mantissa, exponent);
            term.StoreUnsafe(ref e, (nuint)m);
            all += term;
        }

        Sum();
        return largest + Math.Log(Vector512.Sum(all));
    }

    // Two vectors of classes at a time, because each addition waits for the one before.
    [MethodImpl(InnerLoop.Compiled)]
    private void Sum()
    {
        ref double e = ref Start(linear), weights = ref Start(own.Weights), to = ref Start(sums);
        int stride = own.Stride, terms = Terms;
        for (int c = 0; c < stride; c += 2 * ExtendedRange.Lanes)
        {
            // The last vector twice if their number is odd.
            int second = Math.Min(c + ExtendedRange.Lanes, stride - ExtendedRange.Lanes);
            Vector512<double> sum = Vector512<double>.Zero, other = sum;
            for (int m = 0, row = 0; m < terms; m++, row += stride)
            {
                Vector512<double> term = Vector512.Create(Unsafe.Add(ref e, m));
                sum = Vector512.FusedMultiplyAdd(term, Load(ref weights, row + c), sum);
                other = Vector512.FusedMultiplyAdd(term, Load(ref weights, row + second), other);
            }

            sum.StoreUnsafe(ref to, (nuint)c);
            other.StoreUnsafe(ref to, (nuint)second);
        }
    }

    /// <summary>Computes the score of each class, after <see cref="Load"/>.</summary>
    [MethodImpl(InnerLoop.Compiled)]
    public ReadOnlySpan<double> Score()
    {
        ref double tops = ref Start(own.Tops), sum = ref Start(sums), score = ref Start(scores);
        Vector512<double> shift = Vector512.Create(largest);
        for (int c = 0; c < own.Stride; c += ExtendedRange.Lanes)
        {
            (Vector512.Log(Load(ref sum, c)) + Load(ref tops, c) + shift).StoreUnsafe(ref score, (nuint)c);
        }

        for (int c = 0; c < own.Numbers.Length; c++)
        {
            // One term is its own sum, to the last bit.
            if (own.Only[c] is >= 0 and int only && double.IsFinite(largest)) scores[c] = Weighted(c, only);
            else if (!IsPrecise(c)) scores[c] = ByLogarithms(c);
        }

        return scores.AsSpan(0, own.Numbers.Length);
    }

    /// <summary>Divides the masses of the classes among the terms in proportion.</summary>
    /// <param name="masses">One for each class. The mass of a class without a possible token is 0.</param>
    [MethodImpl(InnerLoop.Compiled)]
    public void Divide(ReadOnlySpan<double> masses)
    {
        Array.Clear(factors);
        for (int c = 0; c < masses.Length; c++)
        {
            if (IsPrecise(c)) factors[c] = masses[c] / sums[c];
        }

        ref double weights = ref Start(own.Weights), each = ref Start(factors);
        for (int m = 0; m < Terms; m++)
        {
            Vector512<double> sum = Vector512<double>.Zero;
            for (int c = 0; c < own.Stride; c += ExtendedRange.Lanes)
            {
                sum = Vector512.FusedMultiplyAdd(Load(ref each, c), Load(ref weights, (m * own.Stride) + c), sum);
            }

            divided[m] = double.IsFinite(largest) ? linear[m] * Vector512.Sum(sum) : 0;
        }

        for (int c = 0; c < masses.Length; c++)
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
    private static Vector512<double> Load(ref double row, int at) => Vector512.LoadUnsafe(ref row, (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref double Start(double[] row) => ref MemoryMarshal.GetArrayDataReference(row);
}
