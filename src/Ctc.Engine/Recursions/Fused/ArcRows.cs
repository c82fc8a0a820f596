using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>The scores of the arcs into each state of one utterance, a row for each slot, as mantissas and exponents.</summary>
internal sealed class ArcRows
{
    private readonly double[] logs;

    /// <param name="length">Of a row, room for reading on behind the last state included.</param>
    public ArcRows(int length)
    {
        logs = new double[length];
        Mantissas = [new double[length], new double[length], new double[length]];
        Exponents = [new double[length], new double[length], new double[length]];
    }

    /// <summary>Gets by slot and state.</summary>
    public double[][] Mantissas { get; }

    /// <inheritdoc cref="Mantissas"/>
    public double[][] Exponents { get; }

    /// <summary>
    /// Gets whether arcs have scores to be read: not where those of the first two slots are all 0, and of the third 0 or −∞, as under CTC.
    /// </summary>
    public bool Scored { get; private set; }

    /// <summary>Reads the rows of one utterance, in one frame where they depend on time.</summary>
    /// <param name="batch">Where they are.</param>
    /// <param name="utterance">Which.</param>
    /// <param name="frame">The frame entered; 0 where it does not matter.</param>
    /// <param name="states">How many states are used; behind them there are no arcs.</param>
    /// <returns>Whether all are below +∞ and none is NaN.</returns>
    public bool Read<T>(BandedBatch<T> batch, int utterance, int frame, int states)
        where T : unmanaged, System.Numerics.INumber<T>
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

            Exp(logs, Mantissas[slot], Exponents[slot]);
        }

        return true;
    }

    /// <summary>exp of a row, whole vectors at a time.</summary>
    public static void Exp(ReadOnlySpan<double> logs, Span<double> mantissas, Span<double> exponents)
    {
        ref double x = ref MemoryMarshal.GetReference(logs), m = ref MemoryMarshal.GetReference(mantissas), e = ref MemoryMarshal.GetReference(exponents);
        for (nuint i = 0; i + ExtendedRange.Lanes <= (nuint)logs.Length; i += ExtendedRange.Lanes)
        {
            (Vector512<double> mantissa, Vector512<double> exponent) = ExtendedRange.Exp<Yes>(Vector512.LoadUnsafe(ref x, i));
            mantissa.StoreUnsafe(ref m, i);
            exponent.StoreUnsafe(ref e, i);
        }
    }
}
