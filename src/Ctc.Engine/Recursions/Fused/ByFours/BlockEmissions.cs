using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.ByFours;

/// <summary>The emissions of one utterance in the four frames of a block; the four numbers of a token or of a state are adjacent.</summary>
internal sealed class BlockEmissions : IDisposable
{
    // The logarithm of 2^MostEmission.
    private const double MostLog = SteadyBlock.MostEmission * ExtendedRange.LogTwo;

    private readonly double[] logs;
    private readonly AlignedNumbers ofTokens;
    private readonly int room;
    private readonly UtteranceLabels labels;

    /// <param name="labels">The tokens of the states.</param>
    /// <param name="states">S.</param>
    /// <param name="blocks">The number of blocks that are kept.</param>
    public BlockEmissions(UtteranceLabels labels, int states, int blocks)
    {
        this.labels = labels;
        room = UtteranceLabels.Room(2 * states);
        (logs, ofTokens) = (new double[SteadyBlock.Frames * room], new AlignedNumbers(checked(SteadyBlock.Frames * room * blocks)));
    }

    /// <summary>Computes the emissions of the tokens in four frames.</summary>
    /// <param name="block">The number of the block among those that are kept.</param>
    /// <param name="scores">All scores.</param>
    /// <param name="row">The position of the first score of the utterance in the first frame.</param>
    /// <param name="step">The distance between two frames.</param>
    /// <param name="fetch">
    /// Whether four more frames follow; their scores are prefetched: frames are B rows apart, too far for the processor's own prefetching.
    /// </param>
    /// <returns>Whether all are within the bounds of a <see cref="SteadyBlock"/>; if not, the contents are undefined.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Load<T>(int block, TensorMemory<T> scores, long row, long step, bool fetch)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        int count = labels.Count, inPlace = labels.All ? count & -ExtendedRange.Lanes : 0;
        ref double x = ref MemoryMarshal.GetArrayDataReference(logs), m = ref OfTokens(block);
        if (inPlace < count) Pick(scores, row, step, inPlace);
        if (fetch) Fetch(scores, row + (SteadyBlock.Frames * step), step);
        Vector512<double> moderate = Vector512<double>.AllBitsSet, most = Vector512.Create(MostLog);
        for (int i = 0; i < count; i += ExtendedRange.Lanes)
        {
            Vector512<double> a, b, c, d;
            if (i < inPlace)
            {
                (a, b) = (scores.Eight(row + i), scores.Eight(row + step + i));
                (c, d) = (scores.Eight(row + (2 * step) + i), scores.Eight(row + (3 * step) + i));
            }
            else
            {
                (a, b) = (Vector512.LoadUnsafe(ref x, (nuint)i), Vector512.LoadUnsafe(ref x, (nuint)(room + i)));
                (c, d) = (Vector512.LoadUnsafe(ref x, (nuint)((2 * room) + i)), Vector512.LoadUnsafe(ref x, (nuint)((3 * room) + i)));
            }

            moderate &= Vector512.LessThanOrEqual(Vector512.Abs(a), most) & Vector512.LessThanOrEqual(Vector512.Abs(b), most);
            moderate &= Vector512.LessThanOrEqual(Vector512.Abs(c), most) & Vector512.LessThanOrEqual(Vector512.Abs(d), most);
            Lanes.Interleave(Exp<T>(a), Exp<T>(b), Exp<T>(c), Exp<T>(d), ref Unsafe.Add(ref m, SteadyBlock.Frames * i));
        }

        return moderate.ExtractMostSignificantBits() == (1ul << ExtendedRange.Lanes) - 1;
    }

    /// <summary>Copies the emissions of the tokens to the states of a window, in whole vectors.</summary>
    /// <param name="block">As of <see cref="Load"/>.</param>
    /// <param name="to">Four numbers for each state, from state 0 on.</param>
    /// <param name="first">The first state.</param>
    /// <param name="last">The last state.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Spread(int block, ref double to, int first, int last)
    {
        labels.Within(first, last);
        ref double from = ref OfTokens(block);
        Vector256<double> common = Vector256.LoadUnsafe(ref from, (nuint)(SteadyBlock.Frames * labels.Common));
        Vector512<double> two = Vector512.Create(common, common);
        nint end = SteadyBlock.Frames * ((nint)last + 1);
        for (nint i = SteadyBlock.Frames * (first & -ExtendedRange.Lanes); i < end; i += SteadyBlock.Frames * ExtendedRange.Lanes)
        {
            ref double column = ref Unsafe.Add(ref to, i);
            two.StoreUnsafe(ref column);
            two.StoreUnsafe(ref column, 8);
            two.StoreUnsafe(ref column, 16);
            two.StoreUnsafe(ref column, 24);
        }

        ref int state = ref MemoryMarshal.GetArrayDataReference(labels.Others), number = ref MemoryMarshal.GetArrayDataReference(labels.OtherNumbers);
        nint behind = labels.To;
        for (nint i = labels.From; i < behind; i++)
        {
            Vector256.LoadUnsafe(ref Unsafe.Add(ref from, SteadyBlock.Frames * (nint)Unsafe.Add(ref number, i)))
                .StoreUnsafe(ref Unsafe.Add(ref to, SteadyBlock.Frames * (nint)Unsafe.Add(ref state, i)));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ofTokens.Dispose();

    private ref double OfTokens(int block) => ref ofTokens[SteadyBlock.Frames * room * block];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Exp<T>(Vector512<double> log)
    {
        (Vector512<double> mantissa, Vector512<double> exponent) =
            typeof(T) == typeof(double) ? ExtendedRange.Exp<Yes>(log) : ExtendedRange.Exp<No>(log);
        return ExtendedRange.Scale(mantissa, exponent);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pick<T>(TensorMemory<T> scores, long row, long step, int from)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        int count = labels.Count;
        ReadOnlySpan<int> tokens = labels.Tokens;
        for (int frame = 0; frame < SteadyBlock.Frames; frame++)
        {
            Span<double> to = logs.AsSpan(frame * room, room);
            for (int i = from; i < count; i++) to[i] = double.CreateTruncating(scores[row + (frame * step) + tokens[i]]);
            for (int i = count; i % ExtendedRange.Lanes != 0; i++) to[i] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fetch<T>(TensorMemory<T> scores, long row, long step)
        where T : unmanaged
    {
        ReadOnlySpan<int> tokens = labels.Tokens.AsSpan(0, labels.Count);
        for (int frame = 0; frame < SteadyBlock.Frames; frame++, row += step)
        {
            if (labels.All) for (int i = 0; i < tokens.Length; i += TensorMemory<T>.CacheLine) scores.Prefetch(row + i);
            else foreach (int token in tokens) scores.Prefetch(row + token);
        }
    }
}
