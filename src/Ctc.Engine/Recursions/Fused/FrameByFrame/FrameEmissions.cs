using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.FrameByFrame;

/// <summary>The emissions of one utterance in one frame: exp of the score of each state, computed once for each token.</summary>
internal sealed class FrameEmissions
{
    private readonly double[] logs, mantissas, exponents, stateMantissas, stateExponents;
    private readonly UtteranceLabels labels;

    /// <param name="labels">The tokens of the states.</param>
    /// <param name="states">S.</param>
    public FrameEmissions(UtteranceLabels labels, int states)
    {
        this.labels = labels;
        int length = (2 * states) + ExtendedRange.Lanes;
        (logs, mantissas, exponents) = (new double[length], new double[length], new double[length]);
        (stateMantissas, stateExponents) = (new double[length], new double[length]);
    }

    /// <summary>Gets the emission of each state in the window last loaded; undefined beyond it.</summary>
    public StateRow Row => new(ref MemoryMarshal.GetArrayDataReference(stateMantissas), ref MemoryMarshal.GetArrayDataReference(stateExponents));

    /// <summary>Gets whether some emission exceeds the range of a double. If none does, the mantissas hold the exponents too.</summary>
    public bool Wide { get; private set; }

    /// <summary>Computes the emissions of a frame.</summary>
    /// <param name="scores">All scores.</param>
    /// <param name="row">The position of the first score of the utterance in the frame.</param>
    /// <param name="ahead">
    /// The position for a later frame, whose scores are prefetched: frames are B rows apart, too far for the processor's own prefetching.
    /// </param>
    /// <param name="first">The first state of the window.</param>
    /// <param name="last">The last state of the window.</param>
    [MethodImpl(InnerLoop.Compiled)]
    public void Load<T>(TensorMemory<T> scores, long row, long ahead, int first, int last)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        int count = labels.Count, inPlace = labels.All ? count & -ExtendedRange.Lanes : 0;
        ReadOnlySpan<int> tokens = labels.Tokens;
        ref double x = ref MemoryMarshal.GetArrayDataReference(logs);
        ref double m = ref MemoryMarshal.GetArrayDataReference(mantissas), e = ref MemoryMarshal.GetArrayDataReference(exponents);
        for (int i = inPlace; i < count; i++) Unsafe.Add(ref x, i) = double.CreateTruncating(scores[row + tokens[i]]);
        for (int i = count; i % ExtendedRange.Lanes != 0; i++) Unsafe.Add(ref x, i) = 0;

        Vector512<double> narrow = Vector512<double>.AllBitsSet;
        for (int i = 0; i < count; i += ExtendedRange.Lanes)
        {
            Vector512<double> log = i < inPlace ? scores.Eight(row + i) : Vector512.LoadUnsafe(ref x, (nuint)i);
            (Vector512<double> mantissa, Vector512<double> exponent) =
                typeof(T) == typeof(double) ? ExtendedRange.Exp<Yes>(log) : ExtendedRange.Exp<No>(log);
            narrow &= ExtendedRange.IsNarrow(exponent);
            mantissa.StoreUnsafe(ref m, (nuint)i);
            exponent.StoreUnsafe(ref e, (nuint)i);
        }

        Wide = narrow.ExtractMostSignificantBits() != (1ul << ExtendedRange.Lanes) - 1;
        if (!Wide) Merge(ref m, ref e, count);
        if (labels.All) for (int i = 0; i < count; i += TensorMemory<T>.CacheLine) scores.Prefetch(ahead + i);
        else for (int i = 0; i < count; i++) scores.Prefetch(ahead + tokens[i]);

        labels.Spread(ref m, ref MemoryMarshal.GetArrayDataReference(stateMantissas), first, last);
        if (Wide) labels.Spread(ref e, ref MemoryMarshal.GetArrayDataReference(stateExponents), first, last);
    }

    private static void Merge(ref double mantissas, ref double exponents, int count)
    {
        for (nuint i = 0; i < (nuint)count; i += ExtendedRange.Lanes)
        {
            ExtendedRange.Scale(Vector512.LoadUnsafe(ref mantissas, i), Vector512.LoadUnsafe(ref exponents, i)).StoreUnsafe(ref mantissas, i);
        }
    }
}
