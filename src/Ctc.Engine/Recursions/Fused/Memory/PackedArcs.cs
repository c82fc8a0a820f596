using System.Numerics;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>The arcs of one utterance between any states, in rows: a row has at most one arc into each of eight neighbouring states.</summary>
/// <remarks>
/// Arcs of one length, three or more, share a row, so that what they come from is one vector too; the others are gathered. A place without an arc has
/// probability 0. Arcs that score −∞ in every frame are left out.
/// </remarks>
/// <typeparam name="T">float or double: the type of the scores.</typeparam>
/// <param name="batch">The batch.</param>
internal sealed class PackedArcs<T>(IndexedBatch<T> batch)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Gathered = int.MinValue, Shared = 3;

    private readonly int[] starts = new int[(batch.States / ExtendedRange.Lanes) + 2];
    private readonly int[] counts = new int[(2 * batch.States) + 1], rows = new int[(2 * batch.States) + 1]; // by length, from −S on
    private readonly List<int> lengths = [];
    private readonly int[] own = new int[ExtendedRange.Lanes];
    private double[] logs = [];
    private int[] slots = [], offsets = [];

    /// <summary>Gets the numbers by row and lane.</summary>
    public double[] Mantissas { get; private set; } = [];

    /// <inheritdoc cref="Mantissas"/>
    public double[] Exponents { get; private set; } = [];

    /// <summary>Gets the state from which each arc comes, by row and lane; in a row of one length that of an arc, where there is none too.</summary>
    public int[] Sources { get; private set; } = [];

    /// <summary>Gets the largest number of rows into a vector of states.</summary>
    public int Most { get; private set; }

    /// <summary>Gets the least and the largest number of states that an arc leads on.</summary>
    public int[] Lengths { get; } = [0, 0];

    /// <summary>Gets the number of all rows.</summary>
    public int Count => starts[(batch.States + ExtendedRange.Lanes - 1) / ExtendedRange.Lanes];

    /// <summary>Returns the rows of the arcs into the vector of states that begins with a state.</summary>
    public (int From, int To) Rows(int state) => (starts[state / ExtendedRange.Lanes], starts[(state / ExtendedRange.Lanes) + 1]);

    /// <summary>Returns whether the arcs of a row come from neighbouring states.</summary>
    public bool AreNeighbours(nint row) => offsets[row] != Gathered;

    /// <summary>Returns the slot of an arc, by row and lane; −1 where there is none.</summary>
    public int Slot(int place) => slots[place];

    /// <summary>Arranges the arcs of an utterance.</summary>
    public void Arrange(int utterance)
    {
        (int shortest, int longest) = (int.MaxValue, int.MinValue);
        Most = 0;
        for (int block = 0; block * ExtendedRange.Lanes < batch.States; block++)
        {
            int first = block * ExtendedRange.Lanes, end = starts[block];
            CountLengths(utterance, first);
            foreach (int length in lengths)
            {
                (shortest, longest) = (Math.Min(shortest, length), Math.Max(longest, length));
                rows[length + batch.States] = counts[length + batch.States] >= Shared ? Open(end++, length, first) : -1;
            }

            int shared = end;
            own.AsSpan().Fill(shared);
            for (int slot = 0; slot < batch.UsedSlots; slot++)
            {
                for (int s = first; s < Math.Min(first + ExtendedRange.Lanes, batch.States); s++)
                {
                    if (!IsArc(utterance, slot, s, out int source)) continue;
                    int lane = s - first, row = rows[s - source + batch.States];
                    if (row < 0 || slots[(row * ExtendedRange.Lanes) + lane] >= 0) row = own[lane]++; // two arcs between the same states
                    if (row == end) Open(end++, Gathered, first);
                    (slots[(row * ExtendedRange.Lanes) + lane], Sources[(row * ExtendedRange.Lanes) + lane]) = (slot, source);
                }
            }

            foreach (int length in lengths) counts[length + batch.States] = 0;
            Most = Math.Max(Most, end - starts[block]);
            starts[block + 1] = end;
        }

        (Lengths[0], Lengths[1]) = shortest > longest ? (0, 0) : (shortest, longest);
    }

    /// <summary>Loads the scores of the utterance last arranged; of one frame, if they depend on time.</summary>
    /// <param name="utterance">The utterance.</param>
    /// <param name="frame">The frame entered; 0 if scores do not depend on time.</param>
    /// <returns>Whether all are below +∞ and none is NaN.</returns>
    public bool Load(int utterance, int frame)
    {
        bool good = true;
        for (int first = 0; first < batch.States; first += ExtendedRange.Lanes)
        {
            (int from, int to) = Rows(first);
            for (int place = from * ExtendedRange.Lanes; place < to * ExtendedRange.Lanes; place++)
            {
                double score = slots[place] < 0
                    ? double.NegativeInfinity
                    : double.CreateTruncating(batch.ArcScores[batch.ArcsAt(frame, slots[place], utterance) + first + (place % ExtendedRange.Lanes)]);
                good &= score < double.PositiveInfinity; // and not NaN
                logs[place] = score;
            }
        }

        ArcRows.Exp(logs.AsSpan(0, Count * ExtendedRange.Lanes), Mantissas, Exponents);
        return good;
    }

    // The number of arcs of each length into eight states.
    private void CountLengths(int utterance, int first)
    {
        lengths.Clear();
        for (int slot = 0; slot < batch.UsedSlots; slot++)
        {
            for (int s = first; s < Math.Min(first + ExtendedRange.Lanes, batch.States); s++)
            {
                if (IsArc(utterance, slot, s, out int source) && counts[s - source + batch.States]++ == 0) lengths.Add(s - source);
            }
        }
    }

    private bool IsArc(int utterance, int slot, int state, out int source)
    {
        source = (int)batch.Source(slot, utterance, state);
        return source >= 0 && (batch.Timed || !T.IsNegativeInfinity(batch.ArcScores[batch.ArcsAt(0, slot, utterance) + state]));
    }

    // A row without arcs; those of one length read neighbouring states all the same.
    private int Open(int row, int length, int first)
    {
        Reserve(row + 1);
        int place = row * ExtendedRange.Lanes;
        offsets[row] = length;
        slots.AsSpan(place, ExtendedRange.Lanes).Fill(-1);
        for (int i = 0; i < ExtendedRange.Lanes; i++) Sources[place + i] = length == Gathered ? 0 : first + i - length;
        return row;
    }

    private void Reserve(int count)
    {
        if (count <= offsets.Length) return;
        int room = 2 * count;
        offsets = Resized(offsets, room);
        (slots, Sources) = (Resized(slots, room * ExtendedRange.Lanes), Resized(Sources, room * ExtendedRange.Lanes));
        logs = new double[room * ExtendedRange.Lanes]; // loaded after all is arranged
        (Mantissas, Exponents) = (new double[room * ExtendedRange.Lanes], new double[room * ExtendedRange.Lanes]);

        static int[] Resized(int[] array, int length)
        {
            Array.Resize(ref array, length);
            return array;
        }
    }
}
