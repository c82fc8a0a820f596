using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.FrameByFrame;

/// <summary>The emissions of one utterance in one frame: exp of the score of each state, computed once for each token.</summary>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal sealed class FrameEmissions<TLanes>
    where TLanes : struct, IDoubleLanes<TLanes>
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
    public StateRow<double> Row =>
        new(ref MemoryMarshal.GetArrayDataReference(stateMantissas), ref MemoryMarshal.GetArrayDataReference(stateExponents));

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
        int count = labels.Count, inPlace = labels.All ? count & -TLanes.Count : 0;
        ReadOnlySpan<int> tokens = labels.Tokens;
        ref double x = ref MemoryMarshal.GetArrayDataReference(logs);
        ref double m = ref MemoryMarshal.GetArrayDataReference(mantissas), e = ref MemoryMarshal.GetArrayDataReference(exponents);
        for (int i = inPlace; i < count; i++) Unsafe.Add(ref x, i) = double.CreateTruncating(scores[row + tokens[i]]);
        for (int i = count; i % TLanes.Count != 0; i++) Unsafe.Add(ref x, i) = 0;

        bool narrow = true;
        for (int i = 0; i < count; i += TLanes.Count)
        {
            TLanes log = i < inPlace ? scores.Doubles<TLanes>(row + i) : TLanes.Load(ref x, i);
            (TLanes mantissa, TLanes exponent) =
                typeof(T) == typeof(double) ? ExtendedRange.Exp<Yes, TLanes>(log) : ExtendedRange.Exp<No, TLanes>(log);
            narrow &= TLanes.AreWithin(exponent, ExtendedRange.Narrow);
            mantissa.Store(ref m, i);
            exponent.Store(ref e, i);
        }

        Wide = !narrow;
        if (!Wide) Merge(ref m, ref e, count);
        if (labels.All) for (int i = 0; i < count; i += TensorMemory<T>.CacheLine) scores.Prefetch(ahead + i);
        else for (int i = 0; i < count; i++) scores.Prefetch(ahead + tokens[i]);

        labels.Spread<TLanes>(ref m, ref MemoryMarshal.GetArrayDataReference(stateMantissas), first, last);
        if (Wide) labels.Spread<TLanes>(ref e, ref MemoryMarshal.GetArrayDataReference(stateExponents), first, last);
    }

    private static void Merge(ref double mantissas, ref double exponents, int count)
    {
        for (nint i = 0; i < count; i += TLanes.Count)
        {
            TLanes.Scale(TLanes.Load(ref mantissas, i), TLanes.Load(ref exponents, i)).Store(ref mantissas, i);
        }
    }
}
