using System.Runtime.CompilerServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Singles.Woven;

/// <summary>The emissions of one utterance: of the label of each pair, and of the blank.</summary>
/// <remarks>
/// The scores of a small vocabulary are read once and picked for each label; of another vocabulary the scores of the labels are read one by one, in
/// their order, and then that of the blank.
/// </remarks>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal sealed class WovenEmissions<TLanes> : IDisposable
    where TLanes : struct, ILanes<TLanes>
{
    private const int Table = TokenScores<TLanes>.Table;

    private readonly int part;
    private readonly TokenScores<TLanes> scores;
    private readonly FrameRows<float> rows, tables;
    private readonly int[] tokens;
    private readonly float[] used;
    private TokenList list;
    private int[] numbers = [];
    private bool picks;

    /// <param name="scores">Reads them.</param>
    /// <param name="part">The number of places of a row, in whole vectors.</param>
    /// <param name="blocks">The frames that are held.</param>
    public WovenEmissions(TokenScores<TLanes> scores, int part, FrameBlocks blocks)
    {
        (this.scores, this.part) = (scores, part);
        rows = new FrameRows<float>(blocks, 2 * part);
        tables = new FrameRows<float>(FrameBlocks.Shortly, 2 * Table);
        (tokens, used) = (new int[part], new float[part]);
    }

    /// <summary>Takes the tokens of an utterance.</summary>
    /// <param name="labels">The tokens of its states.</param>
    /// <param name="numbers">The index in them of the label of each place; of the blank where there is none.</param>
    /// <param name="first">The place of the first label.</param>
    /// <param name="count">The number of labels.</param>
    public void Arrange(UtteranceLabels labels, int[] numbers, int first, int count)
    {
        this.numbers = numbers;
        picks = labels.All && labels.Count <= Table;
        list = labels.List;
        if (picks) return;
        for (int i = 0; i <= count; i++) tokens[i] = labels.Tokens[numbers[first + i]];
        list = new TokenList(tokens, count + 1, Used: count, All: false, used);
    }

    /// <summary>Reads the emissions of frames.</summary>
    /// <inheritdoc cref="SinglePass{TLanes}.Load"/>
    public void Load(BandedBatch<float> batch, int utterance, int from, int to)
    {
        if (picks) scores.Read(batch, utterance, from, to, list, tables, mantissas: 0, exponents: Table);
        else scores.Read(batch, utterance, from, to, list, rows, mantissas: TLanes.Count, exponents: part + TLanes.Count);
    }

    /// <summary>Arranges the emissions of a frame by place.</summary>
    /// <param name="frame">One that was read last.</param>
    /// <param name="first">The first place of the window.</param>
    /// <param name="last">The last place of the window.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Spread(int frame, int first, int last)
    {
        PairEmissions own = Of(frame);
        bool wide = own.Wide = scores.IsWide(frame);
        ref float mantissas = ref picks ? ref tables.At(frame, 0) : ref rows.At(frame, TLanes.Count);
        own.Blank = Unsafe.Add(ref mantissas, list.Used);
        if (picks) TokenScores<TLanes>.Pick(ref mantissas, numbers, ref own.Labels, first, last);
        if (!wide) return;
        ref float exponents = ref picks ? ref tables.At(frame, Table) : ref rows.At(frame, part + TLanes.Count);
        own.BlankExponent = Unsafe.Add(ref exponents, list.Used);
        if (picks) TokenScores<TLanes>.Pick(ref exponents, numbers, ref own.LabelExponents, first, last);
    }

    /// <summary>Returns the emissions of a frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PairEmissions Of(int frame) => new(ref rows.At(frame, 0), part);

    /// <inheritdoc/>
    public void Dispose()
    {
        rows.Dispose();
        tables.Dispose();
    }
}
