using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ctc.Engine.Frames;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Fused.ByFours;

/// <summary>The forward and the backward pass by fours, where a <see cref="SteadyBlock"/> can; the forward pass decides whether it can.</summary>
/// <typeparam name="T">float or double: the type of inputs and outputs.</typeparam>
internal sealed class BlockPass<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Frames = SteadyBlock.Frames;

    // Blocks that fit there are kept for the backward pass; otherwise it is faster to recompute a block, from its emissions and α before it.
    private const long Cache = 1 << 20;

    private readonly BandedBatch<T> batch;
    private readonly UtteranceLabels labels;
    private readonly BlockEmissions emissions;
    private readonly SteadyBlock block;
    private readonly bool keepsEmissions, keepsStates;
    private readonly bool[] entered;
    private readonly double[] occupancies; // of four frames, side by side

    /// <param name="batch">The batch. No arc is longer than a vector, and none depends on time.</param>
    /// <param name="labels">The tokens of the states of an utterance.</param>
    /// <param name="arcs">The arcs between them.</param>
    /// <param name="length">The capacity in states, in whole vectors.</param>
    /// <param name="keeps">Whether a backward pass will follow.</param>
    public BlockPass(BandedBatch<T> batch, UtteranceLabels labels, ArcRows arcs, int length, bool keeps)
    {
        (this.batch, this.labels, keepsEmissions) = (batch, labels, keeps);
        int blocks = (batch.Frames / Frames) + 1;
        keepsStates = keeps && SteadyBlock.Bytes(length) * blocks <= Cache;
        emissions = new BlockEmissions(labels, batch.States, keeps ? blocks : 1);
        block = new SteadyBlock(keepsStates ? blocks : 1, length, arcs, batch.Offsets);
        entered = ArrayPool<bool>.Shared.Rent(blocks);
        occupancies = new double[Frames * UtteranceLabels.Room(2 * batch.States)];
    }

    /// <summary>Returns whether this batch may be computed by fours.</summary>
    public static bool Suits(BandedBatch<T> batch) => !batch.Timed && batch.Offsets.Max() <= ExtendedRange.Lanes;

    /// <summary>Returns whether the four frames after a frame were computed together.</summary>
    public bool Entered(int frame) => entered[frame / Frames];

    /// <summary>Computes α of the four frames after a frame, if that is safe.</summary>
    /// <param name="utterance">The utterance.</param>
    /// <param name="frame">A multiple of four.</param>
    /// <param name="window">Of the utterance.</param>
    /// <param name="before">α of the frame.</param>
    /// <param name="after">Receives α four frames later.</param>
    /// <returns>Whether it was safe. If not, the contents of <paramref name="after"/> are undefined.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Enter(int utterance, int frame, in StateWindow window, in StateRow before, in StateRow after)
    {
        long frames = batch.Lengths[utterance], step = batch.Utterances * batch.Tokens, row = batch.ScoresAt(frame + 1, utterance);
        entered[frame / Frames] = false;
        bool fetch = frame + (2 * Frames) < frames;
        if (frame + Frames >= frames || !emissions.Load(keepsEmissions ? frame / Frames : 0, batch.Scores, row, step, fetch)) return false;
        return entered[frame / Frames] = Forward(frame, window, before, after);
    }

    /// <summary>Runs the backward pass through four frames that were computed together.</summary>
    /// <param name="to">Receives the occupancies of the frame before them and of the first three.</param>
    /// <param name="utterance">As of <see cref="Enter"/>.</param>
    /// <param name="frame">As of <see cref="Enter"/>.</param>
    /// <param name="window">As of <see cref="Enter"/>.</param>
    /// <param name="before">As of <see cref="Enter"/>.</param>
    /// <param name="after">As of <see cref="Enter"/>.</param>
    /// <param name="mass">In: the mass of the last of the four frames. Out: that of the frame before them.</param>
    /// <param name="taken">By slot: the mass of the arcs is added to it. Null if not wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Leave(
        PosteriorMemory<T> to,
        int utterance,
        int frame,
        in StateWindow window,
        in StateRow before,
        in StateRow after,
        ref double mass,
        double[][]? taken)
    {
        if (!keepsStates) Forward(frame, window, before, after);
        (int first, int last) = (window.At(frame).First, window.At(frame + Frames).Last);
        Vector256<double> common = block.Backward(Place(frame), first, last, ref mass, ref labels.CommonMask[0], taken);
        Collect(first, last, common);
        (FusedPosterior<T> posterior, int room) = (to.Posterior, UtteranceLabels.Room(labels.Count));
        (long a, long b) = (posterior.Frame(utterance, frame), posterior.Frame(utterance, frame + 1));
        (long c, long d) = (posterior.Frame(utterance, frame + 2), posterior.Frame(utterance, frame + 3));
        for (int i = 0; i < room; i += ExtendedRange.Lanes)
        {
            (Vector512<double> ofA, Vector512<double> ofB, Vector512<double> ofC, Vector512<double> ofD) =
                Lanes.Deinterleave(ref occupancies[Frames * i]);
            to.Shares.Write(a + i, ofA);
            to.Shares.Write(b + i, ofB);
            to.Shares.Write(c + i, ofC);
            to.Shares.Write(d + i, ofD);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        block.Dispose();
        emissions.Dispose();
        ArrayPool<bool>.Shared.Return(entered);
    }

    private int Place(int frame) => keepsStates ? frame / Frames : 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Forward(int frame, in StateWindow window, in StateRow before, in StateRow after)
    {
        (int first, int reached) = window.At(frame);
        int last = window.At(frame + Frames).Last;
        while (reached > first && double.IsNegativeInfinity(Unsafe.Add(ref before.Exponent, reached))) reached--;
        emissions.Spread(keepsEmissions ? frame / Frames : 0, ref block.Emissions(Place(frame)), first, last);
        return block.Forward(Place(frame), before, after, first, last, reached);
    }

    // Sums the masses of the states by token.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(int first, int last, Vector256<double> common)
    {
        ref double own = ref MemoryMarshal.GetArrayDataReference(occupancies), masses = ref block.Masses;
        occupancies.AsSpan(0, Frames * UtteranceLabels.Room(labels.Count)).Clear();
        labels.Within(first, last);
        ref int state = ref MemoryMarshal.GetArrayDataReference(labels.Others), number = ref MemoryMarshal.GetArrayDataReference(labels.OtherNumbers);
        nint end = labels.To;
        for (nint i = labels.From; i < end; i++)
        {
            ref double sum = ref Unsafe.Add(ref own, Frames * (nint)Unsafe.Add(ref number, i));
            ref double ofState = ref Unsafe.Add(ref masses, Frames * (nint)Unsafe.Add(ref state, i));
            (Vector256.LoadUnsafe(ref sum) + Vector256.LoadUnsafe(ref ofState)).StoreUnsafe(ref sum);
        }

        common.StoreUnsafe(ref Unsafe.Add(ref own, Frames * labels.Common));
    }
}
