using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ctc.Engine.Alignment.Fused;

/// <summary>What the states of one utterance score in a frame. exp is taken once for each distinct token.</summary>
internal sealed class Emissions
{
    private readonly double[] logs, mantissas, exponents, stateMantissas, stateExponents;
    private readonly UtteranceLabels labels;

    /// <param name="labels">The tokens that the states read.</param>
    /// <param name="length">Of a row, room for writing on behind the last state included.</param>
    public Emissions(UtteranceLabels labels, int length)
    {
        this.labels = labels;
        (logs, mantissas, exponents) = (new double[length], new double[length], new double[length]);
        (stateMantissas, stateExponents) = (new double[length], new double[length]);
    }

    /// <summary>Gets a number for each state of the window last read; behind it, numbers without meaning.</summary>
    public StateRow Row => new(ref MemoryMarshal.GetArrayDataReference(stateMantissas), ref MemoryMarshal.GetArrayDataReference(stateExponents));

    /// <summary>Reads a frame.</summary>
    /// <param name="scores">All scores.</param>
    /// <param name="row">Where those of the utterance and the frame begin.</param>
    /// <param name="first">The first state of the window.</param>
    /// <param name="last">The last one.</param>
    /// <returns>Whether all scores of its tokens are below +∞ and none is NaN.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Read<T>(TensorMemory<T> scores, long row, int first, int last)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        int count = labels.Count;
        int[] tokens = labels.Tokens;
        for (int i = 0; i < count; i++) logs[i] = double.CreateTruncating(scores[row + tokens[i]]);
        for (int i = count; i % ExtendedRange.Lanes != 0; i++) logs[i] = 0;

        ref double x = ref MemoryMarshal.GetArrayDataReference(logs), m = ref MemoryMarshal.GetArrayDataReference(mantissas), e = ref MemoryMarshal.GetArrayDataReference(exponents);
        Vector512<double> infinity = Vector512.Create(double.PositiveInfinity), good = Vector512<double>.AllBitsSet;
        for (nuint i = 0; i < (nuint)count; i += ExtendedRange.Lanes)
        {
            Vector512<double> log = Vector512.LoadUnsafe(ref x, i);
            good &= Vector512.LessThan(log, infinity);
            (Vector512<double> mantissa, Vector512<double> exponent) = ExtendedRange.Exp(log);
            mantissa.StoreUnsafe(ref m, i);
            exponent.StoreUnsafe(ref e, i);
        }

        Spread(first, last);
        return good.ExtractMostSignificantBits() == (1ul << ExtendedRange.Lanes) - 1;
    }

    private void Spread(int first, int last)
    {
        ref double m = ref MemoryMarshal.GetArrayDataReference(mantissas), e = ref MemoryMarshal.GetArrayDataReference(exponents);
        ref double sm = ref MemoryMarshal.GetArrayDataReference(stateMantissas), se = ref MemoryMarshal.GetArrayDataReference(stateExponents);
        Vector512<double> commonMantissa = Vector512.Create(mantissas[labels.Common]), commonExponent = Vector512.Create(exponents[labels.Common]);
        for (nint s = first; s <= last; s += ExtendedRange.Lanes)
        {
            commonMantissa.StoreUnsafe(ref Unsafe.Add(ref sm, s));
            commonExponent.StoreUnsafe(ref Unsafe.Add(ref se, s));
        }

        labels.Within(first, last);
        ref int state = ref MemoryMarshal.GetArrayDataReference(labels.Others), number = ref MemoryMarshal.GetArrayDataReference(labels.OtherNumbers);
        for (nint i = labels.From; i < labels.To; i++)
        {
            nint from = Unsafe.Add(ref number, i), to = Unsafe.Add(ref state, i);
            Unsafe.Add(ref sm, to) = Unsafe.Add(ref m, from);
            Unsafe.Add(ref se, to) = Unsafe.Add(ref e, from);
        }
    }
}
