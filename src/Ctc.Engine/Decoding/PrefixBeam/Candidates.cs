using System.Runtime.CompilerServices;

namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>A prefix that may be kept: a prefix of the beam as it is, or with a step more.</summary>
/// <param name="Score">The score of the prefix.</param>
/// <param name="Item">The position of the prefix in the beam.</param>
/// <param name="Step">The token more, or a step of a lexicon; −1 for none.</param>
internal readonly record struct Candidate(double Score, int Item, int Step)
{
    public const int NoStep = -1;

    /// <summary>Returns whether it is kept before another: the higher score, then the earlier prefix, then the lower step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsBefore(in Candidate other) =>
        Score != other.Score ? Score > other.Score : Item != other.Item ? Item < other.Item : Step < other.Step;
}

/// <summary>The best candidates of a frame: a heap with the worst of them on top.</summary>
/// <param name="width">The number that is kept.</param>
internal sealed class Candidates(int width)
{
    private Candidate[] heap = new Candidate[Math.Min(width, 64)];

    public int Count { get; private set; }

    /// <summary>Gets the score below which a candidate is not kept.</summary>
    public double Least => Count < width ? double.NegativeInfinity : heap[0].Score;

    public void Clear() => Count = 0;

    public void Add(in Candidate added)
    {
        if (Count < width)
        {
            if (Count == heap.Length) Array.Resize(ref heap, Math.Min(width, 2 * Count));
            Rise(added);
        }
        else if (added.IsBefore(heap[0]))
        {
            Sink(added, Count);
        }
    }

    /// <summary>Sorts the candidates, the best first, and empties the heap.</summary>
    public ReadOnlySpan<Candidate> TakeSorted()
    {
        int count = Count;
        for (int last = count - 1; last > 0; last--)
        {
            Candidate worst = heap[0];
            Sink(heap[last], last);
            heap[last] = worst;
        }

        Count = 0;
        return heap.AsSpan(0, count);
    }

    private void Rise(in Candidate added)
    {
        int at = Count++;
        while (at > 0 && heap[(at - 1) / 2].IsBefore(added))
        {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        heap[at] = added;
    }

    // Replaces the top of a heap of this size.
    private void Sink(Candidate added, int size)
    {
        int at = 0;
        for (int child = 1; child < size; child = (2 * at) + 1)
        {
            if (child + 1 < size && heap[child].IsBefore(heap[child + 1])) child++;
            if (!added.IsBefore(heap[child])) break;
            heap[at] = heap[child];
            at = child;
        }

        heap[at] = added;
    }
}
