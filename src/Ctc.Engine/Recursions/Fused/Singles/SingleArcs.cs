using System.Runtime.CompilerServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Singles;

/// <summary>The scores of the arcs into each state of one utterance, a row for each slot, as float32 mantissas and exponents.</summary>
internal sealed class SingleArcs
{
    /// <param name="length">The length of a row, including the padding that vectors read behind the last state.</param>
    public SingleArcs(int length)
    {
        Mantissas = [new float[length], new float[length], new float[length]];
        Exponents = [new float[length], new float[length], new float[length]];
    }

    /// <summary>Gets the numbers by slot and state.</summary>
    public float[][] Mantissas { get; }

    /// <summary>Gets whole numbers, in the bits, by slot and state.</summary>
    public float[][] Exponents { get; }

    /// <summary>
    /// Gets whether all rows are needed. Only the exponents of the third are if the scores of the first two slots are all 0, and those of the third
    /// 0 or −∞, as under CTC.
    /// </summary>
    public bool Scored { get; private set; }

    /// <summary>Loads the scores of one utterance; of one frame, if they depend on time.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="utterance">The utterance.</param>
    /// <param name="frame">The frame entered; 0 if scores do not depend on time.</param>
    /// <param name="states">The number of states used; arcs into later states are dropped.</param>
    /// <returns>The largest absolute value of a finite score; NaN if one is NaN or +∞.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Load(BandedBatch<float> batch, int utterance, int frame, int states)
    {
        double most = 0;
        Scored = batch.UsedSlots == 1; // the second slot has no arcs
        for (int slot = 0; slot < BandedBatch<float>.Slots; slot++)
        {
            Span<float> mantissas = Mantissas[slot], exponents = Exponents[slot];
            mantissas.Fill(1);
            exponents.Fill(BitConverter.Int32BitsToSingle(SingleRange.None));
            if (slot >= batch.UsedSlots) continue;
            ReadOnlySpan<float> scores = batch.ArcScores.Slice(batch.ArcsAt(frame, slot, utterance), states);
            for (int s = batch.Offsets[slot]; s < states; s++)
            {
                float score = scores[s];
                if (score == 0)
                {
                    exponents[s] = 0;
                    continue;
                }

                if (!(score < float.PositiveInfinity)) return double.NaN;
                bool none = float.IsNegativeInfinity(score);
                Scored |= slot < 2 || !none;
                if (none) continue;
                most = Math.Max(most, Math.Abs(score));
                (mantissas[s], int exponent) = SingleRange.FromLog(score);
                exponents[s] = BitConverter.Int32BitsToSingle(exponent);
            }
        }

        return most;
    }
}
