using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>What the states of one utterance score in a frame. exp is taken once for each token, however many states read it.</summary>
internal sealed class Emissions
{
    private readonly double[] logs, mantissas, exponents, stateMantissas, stateExponents;
    private readonly UtteranceLabels labels;

    /// <param name="labels">The tokens that the states read.</param>
    /// <param name="states">S.</param>
    public Emissions(UtteranceLabels labels, int states)
    {
        this.labels = labels;
        int length = (2 * states) + ExtendedRange.Lanes;
        (logs, mantissas, exponents) = (new double[length], new double[length], new double[length]);
        (stateMantissas, stateExponents) = (new double[length], new double[length]);
    }

    /// <summary>Gets a number for each state of the window last read; behind it, numbers without meaning.</summary>
    public StateRow Row => new(ref MemoryMarshal.GetArrayDataReference(stateMantissas), ref MemoryMarshal.GetArrayDataReference(stateExponents));

    /// <summary>Gets whether some number is beyond what a double holds. If none is, mantissas alone say all.</summary>
    public bool Wide { get; private set; }

    /// <summary>Reads a frame.</summary>
    /// <param name="scores">All scores.</param>
    /// <param name="row">Where those of the utterance and the frame begin.</param>
    /// <param name="ahead">The same of a frame to come, whose scores are fetched meanwhile: they lie B rows apart, where no processor looks ahead.</param>
    /// <param name="first">The first state of the window.</param>
    /// <param name="last">The last one.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read<T>(TensorMemory<T> scores, long row, long ahead, int first, int last)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        int count = labels.Count, inPlace = labels.All ? count & -ExtendedRange.Lanes : 0;
        ReadOnlySpan<int> tokens = labels.Tokens;
        ref double x = ref MemoryMarshal.GetArrayDataReference(logs), m = ref MemoryMarshal.GetArrayDataReference(mantissas), e = ref MemoryMarshal.GetArrayDataReference(exponents);
        for (int i = inPlace; i < count; i++) Unsafe.Add(ref x, i) = double.CreateTruncating(scores[row + tokens[i]]);
        for (int i = count; i % ExtendedRange.Lanes != 0; i++) Unsafe.Add(ref x, i) = 0;

        Vector512<double> narrow = Vector512<double>.AllBitsSet;
        for (int i = 0; i < count; i += ExtendedRange.Lanes)
        {
            Vector512<double> log = i < inPlace ? scores.Eight(row + i) : Vector512.LoadUnsafe(ref x, (nuint)i);
            (Vector512<double> mantissa, Vector512<double> exponent) = typeof(T) == typeof(double) ? ExtendedRange.Exp<Yes>(log) : ExtendedRange.Exp<No>(log);
            narrow &= ExtendedRange.IsNarrow(exponent);
            mantissa.StoreUnsafe(ref m, (nuint)i);
            exponent.StoreUnsafe(ref e, (nuint)i);
        }

        Wide = narrow.ExtractMostSignificantBits() != (1ul << ExtendedRange.Lanes) - 1;
        if (!Wide) Merge(ref m, ref e, count);
        if (labels.All) for (int i = 0; i < count; i += TensorMemory<T>.CacheLine) scores.Prefetch(ahead + i);
        else for (int i = 0; i < count; i++) scores.Prefetch(ahead + tokens[i]);

        labels.Within(first, last);
        Spread(ref m, ref MemoryMarshal.GetArrayDataReference(stateMantissas), first, last);
        if (Wide) Spread(ref e, ref MemoryMarshal.GetArrayDataReference(stateExponents), first, last);
    }

    private static void Merge(ref double mantissas, ref double exponents, int count)
    {
        for (nuint i = 0; i < (nuint)count; i += ExtendedRange.Lanes)
        {
            ExtendedRange.Scale(Vector512.LoadUnsafe(ref mantissas, i), Vector512.LoadUnsafe(ref exponents, i)).StoreUnsafe(ref mantissas, i);
        }
    }

    // From tokens to states.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Spread(ref double from, ref double to, int first, int last)
    {
        Vector512<double> common = Vector512.Create(Unsafe.Add(ref from, labels.Common));
        for (nint s = first; s <= last; s += ExtendedRange.Lanes) common.StoreUnsafe(ref Unsafe.Add(ref to, s));
        ref int state = ref MemoryMarshal.GetArrayDataReference(labels.Others), number = ref MemoryMarshal.GetArrayDataReference(labels.OtherNumbers);
        nint end = labels.To;
        for (nint i = labels.From; i < end; i++) Unsafe.Add(ref to, Unsafe.Add(ref state, i)) = Unsafe.Add(ref from, Unsafe.Add(ref number, i));
    }
}
