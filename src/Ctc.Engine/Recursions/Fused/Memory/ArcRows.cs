using System.Numerics;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>The scores of the arcs into each state of one utterance, a row for each slot, as mantissas and exponents.</summary>
internal sealed class ArcRows
{
    private readonly double[] logs;

    /// <param name="length">The length of a row, including the padding that vectors read after the last state.</param>
    public ArcRows(int length)
    {
        logs = new double[length];
        Mantissas = [new double[length], new double[length], new double[length]];
        Exponents = [new double[length], new double[length], new double[length]];
    }

    /// <summary>Gets the numbers by slot and state.</summary>
    public double[][] Mantissas { get; }

    /// <inheritdoc cref="Mantissas"/>
    public double[][] Exponents { get; }

    /// <summary>
    /// Gets whether all rows are needed. Only the third is if the scores of the first two slots are all 0, and those of the third 0 or −∞, as under
    /// CTC.
    /// </summary>
    public bool Scored { get; private set; }

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
            Array.Fill(logs, double.NegativeInfinity);
            Scored |= slot == 1 && batch.UsedSlots == 1;
            if (slot < batch.UsedSlots)
            {
                ReadOnlySpan<T> scores = batch.ArcScores.Slice(batch.ArcsAt(frame, slot, utterance), states);
                for (int s = batch.Offsets[slot]; s < states; s++)
                {
                    double score = logs[s] = double.CreateTruncating(scores[s]);
                    if (score == 0) continue;
                    if (!(score < double.PositiveInfinity)) return false;
                    Scored |= slot < 2 || !double.IsNegativeInfinity(score);
                }
            }

            Exp<TLanes>(logs, Mantissas[slot], Exponents[slot]);
        }

        return true;
    }

    /// <summary>Computes exp of a row, in whole vectors.</summary>
    public static void Exp<TLanes>(ReadOnlySpan<double> logs, Span<double> mantissas, Span<double> exponents)
        where TLanes : struct, IDoubleLanes<TLanes>
    {
        ref double x = ref MemoryMarshal.GetReference(logs);
        ref double m = ref MemoryMarshal.GetReference(mantissas), e = ref MemoryMarshal.GetReference(exponents);
        for (nint i = 0; i + TLanes.Count <= logs.Length; i += TLanes.Count)
        {
            (TLanes mantissa, TLanes exponent) = ExtendedRange.Exp<Yes, TLanes>(TLanes.Load(ref x, i));
            mantissa.Store(ref m, i);
            exponent.Store(ref e, i);
        }
    }
}
