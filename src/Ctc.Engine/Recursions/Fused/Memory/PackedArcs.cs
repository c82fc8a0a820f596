using System.Numerics;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>The arcs of one utterance between any states: for each vector of states rows of arcs into them, as many as one of them has.</summary>
/// <remarks>A place of a row without an arc has probability 0, from state 0. Arcs that score −∞ are left out.</remarks>
/// <typeparam name="T">float or double: the type of the scores.</typeparam>
/// <param name="batch">The batch.</param>
internal sealed class PackedArcs<T>(IndexedBatch<T> batch)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] starts = new int[(batch.States / ExtendedRange.Lanes) + 2];
    private readonly int[] counts = new int[ExtendedRange.Lanes];
    private double[] logs = [];

    /// <summary>Gets the numbers by row and lane.</summary>
    public double[] Mantissas { get; private set; } = [];

    /// <inheritdoc cref="Mantissas"/>
    public double[] Exponents { get; private set; } = [];

    /// <summary>Gets the state from which each arc comes, by row and lane.</summary>
    public int[] Sources { get; private set; } = [];

    /// <summary>Gets the slot of each arc, by row and lane; −1 where there is none.</summary>
    public int[] Slots { get; private set; } = [];

    /// <summary>Gets the largest number of rows of a vector of states.</summary>
    public int Most { get; private set; }

    /// <summary>Gets the least and the largest number of states that an arc leads on.</summary>
    public int[] Lengths { get; } = [0, 0];

    /// <summary>Gets the rows of the arcs into the vector of states that begins with a state.</summary>
    public (int From, int To) Rows(int state) => (starts[state / ExtendedRange.Lanes], starts[(state / ExtendedRange.Lanes) + 1]);

    /// <summary>Loads the scores of one utterance; of one frame, if they depend on time.</summary>
    /// <param name="utterance">The utterance.</param>
    /// <param name="frame">The frame entered; 0 if scores do not depend on time.</param>
    /// <returns>Whether all are below +∞ and none is NaN.</returns>
    public bool Load(int utterance, int frame)
    {
        (int shortest, int longest) = (int.MaxValue, int.MinValue);
        Most = 0;
        for (int block = 0; block * ExtendedRange.Lanes < batch.States; block++)
        {
            int begin = starts[block], first = block * ExtendedRange.Lanes, last = Math.Min(first + ExtendedRange.Lanes, batch.States) - 1;
            Reserve(begin + batch.UsedSlots);
            Clear(begin);
            Array.Clear(counts);
            for (int slot = 0; slot < batch.UsedSlots; slot++)
            {
                long row = batch.ArcsAt(frame, slot, utterance);
                for (int s = first; s <= last; s++)
                {
                    double score = double.CreateTruncating(batch.ArcScores[row + s]);
                    if (double.IsNegativeInfinity(score) || batch.Source(slot, utterance, s) is var source && source < 0) continue;
                    if (!(score < double.PositiveInfinity)) return false;
                    int place = ((begin + counts[s - first]++) * ExtendedRange.Lanes) + s - first;
                    (logs[place], Sources[place], Slots[place]) = (score, (int)source, slot);
                    (shortest, longest) = (Math.Min(shortest, s - (int)source), Math.Max(longest, s - (int)source));
                }
            }

            int rows = counts.Max();
            Most = Math.Max(Most, rows);
            starts[block + 1] = begin + rows;
        }

        int end = starts[(batch.States + ExtendedRange.Lanes - 1) / ExtendedRange.Lanes] * ExtendedRange.Lanes;
        ArcRows.Exp(logs.AsSpan(0, end), Mantissas, Exponents);
        (Lengths[0], Lengths[1]) = shortest > longest ? (0, 0) : (shortest, longest);
        return true;
    }

    private void Reserve(int rows)
    {
        int length = rows * ExtendedRange.Lanes;
        if (length <= logs.Length) return;
        length *= 2;
        Array.Resize(ref logs, length);
        (Mantissas, Exponents) = (new double[length], new double[length]); // written at the end
        Sources = Resized(Sources);
        Slots = Resized(Slots);

        int[] Resized(int[] array)
        {
            Array.Resize(ref array, length);
            return array;
        }
    }

    private void Clear(int begin)
    {
        (int from, int count) = (begin * ExtendedRange.Lanes, batch.UsedSlots * ExtendedRange.Lanes);
        logs.AsSpan(from, count).Fill(double.NegativeInfinity);
        Sources.AsSpan(from, count).Clear();
        Slots.AsSpan(from, count).Fill(-1);
    }
}
