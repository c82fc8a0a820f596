using System.Numerics;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>The arcs of one utterance between any states, in rows of those into states and of those out of states.</summary>
/// <remarks>Arcs that score −∞ in every frame are left out.</remarks>
/// <typeparam name="T">float or double: the type of the scores.</typeparam>
/// <param name="batch">The batch.</param>
internal sealed class PackedArcs<T>(IndexedBatch<T> batch)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int[] sources = [], targets = [], slots = [];
    private double[] logs = [], mantissas = [], exponents = [];
    private int count, arranged = -1;

    /// <summary>Gets the arcs into states.</summary>
    public PackedRows Incoming { get; } = new(batch.States);

    /// <summary>Gets the arcs out of states.</summary>
    public PackedRows Outgoing { get; } = new(batch.States);

    /// <summary>Gets the least and the largest number of states that an arc leads on.</summary>
    public int[] Lengths { get; } = [0, 0];

    /// <summary>Gets whether all probabilities other than 0 are within 2^±<see cref="ExtendedRange.Level"/>.</summary>
    public bool AreLevel { get; private set; }

    /// <summary>Returns the slot of an arc, and the state that it enters.</summary>
    public (int Slot, int Target) this[int arc] => (slots[arc], targets[arc]);

    /// <summary>Arranges the arcs of an utterance.</summary>
    public void Arrange(int utterance)
    {
        if (arranged >= 0 && batch.AreAlike(utterance, arranged)) return;
        arranged = utterance;
        Collect(utterance);
        ReadOnlySpan<int> from = sources.AsSpan(0, count), to = targets.AsSpan(0, count);
        Incoming.Arrange(to, from);
        Outgoing.Arrange(from, to);
        (int shortest, int longest) = (int.MaxValue, int.MinValue);
        for (int arc = 0; arc < count; arc++)
        {
            int length = to[arc] - from[arc];
            (shortest, longest) = (Math.Min(shortest, length), Math.Max(longest, length));
        }

        (Lengths[0], Lengths[1]) = count == 0 ? (0, 0) : (shortest, longest);
    }

    /// <summary>Loads the scores of the utterance last arranged; of one frame, if they depend on time.</summary>
    /// <typeparam name="TLanes">The vectors.</typeparam>
    /// <param name="utterance">The utterance.</param>
    /// <param name="frame">The frame entered; 0 if scores do not depend on time.</param>
    /// <returns>Whether all are below +∞ and none is NaN.</returns>
    public bool Load<TLanes>(int utterance, int frame)
        where TLanes : struct, IDoubleLanes<TLanes>
    {
        bool good = true;
        for (int arc = 0; arc < count; arc++)
        {
            logs[arc] = double.CreateTruncating(batch.ArcScores[batch.ArcsAt(frame, slots[arc], utterance) + targets[arc]]);
            good &= logs[arc] < double.PositiveInfinity; // and not NaN
        }

        int whole = (count + ExtendedRange.Lanes - 1) & -ExtendedRange.Lanes;
        ExtendedRange.Exp<TLanes>(logs.AsSpan(0, whole), mantissas, exponents);
        AreLevel = true;
        foreach (double exponent in exponents.AsSpan(0, count))
        {
            AreLevel &= Math.Abs(exponent) <= ExtendedRange.Level || double.IsNegativeInfinity(exponent);
        }

        Incoming.Load<TLanes>(mantissas, exponents);
        Outgoing.Load<TLanes>(mantissas, exponents);
        return good;
    }

    private void Collect(int utterance)
    {
        count = 0;
        for (int slot = 0; slot < batch.UsedSlots; slot++)
        {
            for (int state = 0; state < batch.States; state++)
            {
                if (!IsArc(utterance, slot, state, out int source)) continue;
                Reserve(count + 1);
                (slots[count], sources[count], targets[count]) = (slot, source, state);
                count++;
            }
        }
    }

    private bool IsArc(int utterance, int slot, int state, out int source)
    {
        source = (int)batch.Source(slot, utterance, state);
        return source >= 0 && (batch.Timed || !T.IsNegativeInfinity(batch.ArcScores[batch.ArcsAt(0, slot, utterance) + state]));
    }

    private void Reserve(int number)
    {
        if (number <= slots.Length) return;
        int room = 2 * (number + ExtendedRange.Lanes) & -ExtendedRange.Lanes;
        Array.Resize(ref slots, room);
        Array.Resize(ref sources, room);
        Array.Resize(ref targets, room);
        (logs, mantissas, exponents) = (new double[room], new double[room], new double[room]); // loaded after all is arranged
    }
}
