using System.Numerics;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>The scores of arcs in double.</summary>
/// <inheritdoc/>
internal sealed class DoubleArcs(int length) : ArcRows<double>(length)
{
    /// <summary>Loads the scores of one utterance; of one frame, if they depend on time.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="utterance">The utterance.</param>
    /// <param name="frame">The frame entered; 0 if scores do not depend on time.</param>
    /// <param name="states">The number of states used; arcs into later states are dropped.</param>
    /// <typeparam name="T">float or double: the type of the scores.</typeparam>
    /// <typeparam name="TLanes">The vectors.</typeparam>
    /// <returns>Whether all are below +∞ and none is NaN.</returns>
    public bool Load<T, TLanes>(BandedBatch<T> batch, int utterance, int frame, int states)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, IDoubleLanes<TLanes>
    {
        Scored = false;
        for (int slot = 0; slot < BandedBatch<T>.Slots; slot++)
        {
            Array.Fill(Logs, double.NegativeInfinity);
            Scored |= slot == 1 && batch.UsedSlots == 1;
            if (slot < batch.UsedSlots)
            {
                ReadOnlySpan<T> scores = batch.ArcScores.Slice(batch.ArcsAt(frame, slot, utterance), states);
                for (int s = batch.Offsets[slot]; s < states; s++)
                {
                    double score = Logs[s] = double.CreateTruncating(scores[s]);
                    if (score == 0) continue;
                    if (!(score < double.PositiveInfinity)) return false;
                    Scored |= slot < 2 || !double.IsNegativeInfinity(score);
                }
            }

            ExtendedRange.Exp<TLanes>(Logs, Mantissas[slot], Exponents[slot]);
        }

        return true;
    }
}
