using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Singles.Banded;

/// <summary>The emissions of one utterance by token, and in one frame by state.</summary>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal sealed class BandedEmissions<TLanes> : IDisposable
    where TLanes : struct, ILanes<TLanes>
{
    private readonly UtteranceLabels labels;
    private readonly TokenScores<TLanes> scores;
    private readonly FrameRows<float> rows; // a mantissa for each token, and an exponent
    private readonly int room;
    private readonly float[] ofStates, exponentsOfStates;

    /// <param name="scores">Reads them.</param>
    /// <param name="labels">The tokens of the states.</param>
    /// <param name="length">The length of a row of states.</param>
    /// <param name="room">The largest number of tokens.</param>
    /// <param name="blocks">The frames that are held.</param>
    public BandedEmissions(TokenScores<TLanes> scores, UtteranceLabels labels, int length, int room, FrameBlocks blocks)
    {
        (this.scores, this.labels) = (scores, labels);
        this.room = Math.Max(UtteranceLabels.Room(room), TokenScores<TLanes>.Table);
        rows = new FrameRows<float>(blocks, 2 * this.room);
        (ofStates, exponentsOfStates) = (new float[length], new float[length]);
    }

    /// <summary>Gets the emissions of the states in the window last spread; undefined beyond it.</summary>
    public StateRow<float> Row => new(ref MemoryMarshal.GetArrayDataReference(ofStates), ref MemoryMarshal.GetArrayDataReference(exponentsOfStates));

    /// <summary>Computes the emissions of frames.</summary>
    /// <inheritdoc cref="SinglePass{TLanes}.Load"/>
    public void Load(BandedBatch<float> batch, int utterance, int from, int to) =>
        scores.Read(batch, utterance, from, to, labels.List, rows, mantissas: 0, exponents: room);

    /// <summary>Copies the emissions of the tokens in a frame to the states of a window, in whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Spread(int frame, int first, int last)
    {
        Spread(ref rows.At(frame, 0), ref MemoryMarshal.GetArrayDataReference(ofStates), first, last);
        if (scores.IsWide(frame)) Spread(ref rows.At(frame, room), ref MemoryMarshal.GetArrayDataReference(exponentsOfStates), first, last);
    }

    /// <inheritdoc/>
    public void Dispose() => rows.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Spread(ref float from, ref float to, int first, int last)
    {
        if (labels.Count <= TokenScores<TLanes>.Table)
        {
            TokenScores<TLanes>.Pick(ref from, labels.Numbers, ref to, first, last);
            return;
        }

        labels.Within(first, last);
        TLanes common = TLanes.Of(Unsafe.Add(ref from, labels.Common));
        for (nint s = first; s <= last; s += TLanes.Count) common.Store(ref to, s);
        labels.SpreadOthers(ref from, ref to);
    }
}
