using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>Arcs of one utterance in rows: a row has at most one arc of each of eight neighbouring states, into them or out of them.</summary>
/// <remarks>
/// Three or more arcs of one length share a row, so that the states at their other ends are one vector; or, where it takes fewer rows, three or more
/// arcs with one state at their other ends. The ends of others are gathered. A place without an arc has probability 0.
/// </remarks>
/// <param name="states">S.</param>
internal sealed class PackedRows(int states)
{
    private const int Shared = 3, None = -1;

    private readonly Block[] blocks = new Block[(states + ExtendedRange.Lanes - 1) / ExtendedRange.Lanes];
    private readonly int[] firsts = new int[(states / ExtendedRange.Lanes) + 2]; // of the arcs of each block in order
    private readonly int[] counts = new int[(2 * states) + 1], rows = new int[(2 * states) + 1]; // by key
    private readonly int[] next = new int[ExtendedRange.Lanes];
    private int[] order = [], arcs = [];

    /// <summary>Gets the state at the other end of each arc, by row and lane; in a row that arcs share, that of the first lane counts.</summary>
    public int[] Ends { get; private set; } = [];

    /// <summary>Gets the probabilities of the arcs, by row and lane, as mantissas ...</summary>
    public double[] Mantissas { get; private set; } = [];

    /// <summary>Gets ... and exponents.</summary>
    public double[] Exponents { get; private set; } = [];

    /// <summary>Gets the same as plain numbers.</summary>
    public double[] Numbers { get; private set; } = [];

    /// <summary>Gets the number of all rows.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the largest number of rows of eight states.</summary>
    public int Most { get; private set; }

    /// <summary>Returns the rows of the arcs of the vector of states that begins with a state, and its lane there.</summary>
    public (Block Rows, int Lane) Of(int state) => (blocks[state / ExtendedRange.Lanes], state % ExtendedRange.Lanes);

    /// <summary>Returns the number of an arc, by row and lane; below 0 where there is none.</summary>
    public int Arc(int place) => arcs[place];

    /// <summary>Returns the numbers of the states at the other ends of the arcs of a vector of states.</summary>
    /// <typeparam name="TLanes">The vectors.</typeparam>
    /// <param name="states">The numbers by state.</param>
    /// <param name="rows">The rows of the vector.</param>
    /// <param name="row">One of them.</param>
    /// <param name="lane">The lane of the first state of the vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes AtEnds<TLanes>(ref double states, in Block rows, nint row, nint lane)
        where TLanes : struct, IDoubleLanes<TLanes>
    {
        ref int first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Ends), row * ExtendedRange.Lanes);
        if (row >= rows.Shared) return TLanes.Gather(ref states, ref Unsafe.Add(ref first, lane));
        return rows.SameEnd ? TLanes.Of(Unsafe.Add(ref states, first)) : TLanes.Load(ref states, first + lane);
    }

    /// <summary>Arranges arcs.</summary>
    /// <param name="own">The state to which each arc belongs.</param>
    /// <param name="others">The state at its other end.</param>
    public void Arrange(ReadOnlySpan<int> own, ReadOnlySpan<int> others)
    {
        Sort(own);
        (Count, Most) = (0, 0);
        for (int block = 0; block < blocks.Length; block++)
        {
            ReadOnlySpan<int> its = order.AsSpan(firsts[block]..firsts[block + 1]);
            int byLength = CountKeys(its, own, others, sameEnd: false);
            ForgetKeys(its, own, others, sameEnd: false);
            bool sameEnd = CountKeys(its, own, others, sameEnd: true) < byLength;
            if (!sameEnd)
            {
                ForgetKeys(its, own, others, sameEnd: true);
                CountKeys(its, own, others, sameEnd: false);
            }

            Arrange(block, its, own, others, sameEnd);
            ForgetKeys(its, own, others, sameEnd);
            Most = Math.Max(Most, blocks[block].To - blocks[block].From);
        }
    }

    /// <summary>Loads the probabilities.</summary>
    /// <typeparam name="TLanes">The vectors.</typeparam>
    /// <param name="mantissas">By arc.</param>
    /// <param name="exponents">By arc.</param>
    public void Load<TLanes>(ReadOnlySpan<double> mantissas, ReadOnlySpan<double> exponents)
        where TLanes : struct, IDoubleLanes<TLanes>
    {
        for (int place = 0; place < Count * ExtendedRange.Lanes; place++)
        {
            (Mantissas[place], Exponents[place]) = arcs[place] is >= 0 and int arc
                ? (mantissas[arc], exponents[arc])
                : (1, double.NegativeInfinity);
        }

        ref double m = ref MemoryMarshal.GetArrayDataReference(Mantissas), e = ref MemoryMarshal.GetArrayDataReference(Exponents);
        ref double numbers = ref MemoryMarshal.GetArrayDataReference(Numbers);
        for (nint place = 0; place < Count * ExtendedRange.Lanes; place += TLanes.Count)
        {
            TLanes.Scale(TLanes.Load(ref m, place), TLanes.Load(ref e, place)).Store(ref numbers, place);
        }
    }

    // The arcs of each block, in their order.
    private void Sort(ReadOnlySpan<int> own)
    {
        if (order.Length < own.Length) order = new int[own.Length];
        Array.Clear(firsts);
        foreach (int state in own) firsts[(state / ExtendedRange.Lanes) + 1]++;
        for (int block = 1; block < firsts.Length; block++) firsts[block] += firsts[block - 1];
        for (int arc = own.Length - 1; arc >= 0; arc--) order[--firsts[(own[arc] / ExtendedRange.Lanes) + 1]] = arc;
        for (int block = 1; block < firsts.Length; block++) firsts[block - 1] = firsts[block];
        firsts[^1] = own.Length;
    }

    // Arcs of one key share a row: the state at their other ends, or how far that is.
    private int Key(int own, int other, bool sameEnd) => sameEnd ? other : other - own + states;

    private int CountKeys(ReadOnlySpan<int> its, ReadOnlySpan<int> own, ReadOnlySpan<int> others, bool sameEnd)
    {
        int distinct = 0;
        foreach (int arc in its)
        {
            if (counts[Key(own[arc], others[arc], sameEnd)]++ == 0) distinct++;
        }

        return distinct;
    }

    private void ForgetKeys(ReadOnlySpan<int> its, ReadOnlySpan<int> own, ReadOnlySpan<int> others, bool sameEnd)
    {
        foreach (int arc in its) counts[Key(own[arc], others[arc], sameEnd)] = 0;
    }

    private void Arrange(int block, ReadOnlySpan<int> its, ReadOnlySpan<int> own, ReadOnlySpan<int> others, bool sameEnd)
    {
        int from = Count;
        foreach (int arc in its)
        {
            int key = Key(own[arc], others[arc], sameEnd);
            if (counts[key] < Shared) rows[key] = None;
            else if (counts[key] != int.MaxValue) (counts[key], rows[key]) = (int.MaxValue, Open());
        }

        int shared = Count;
        next.AsSpan().Fill(shared);
        foreach (int arc in its)
        {
            int lane = own[arc] % ExtendedRange.Lanes, row = rows[Key(own[arc], others[arc], sameEnd)];
            if (row == None || arcs[(row * ExtendedRange.Lanes) + lane] >= 0) row = next[lane]++; // two arcs between the same states
            if (row == Count) Open();
            int place = row * ExtendedRange.Lanes;
            arcs[place + lane] = arc;
            if (row >= shared) Ends[place + lane] = others[arc];
            else Ends[place] = sameEnd ? others[arc] : others[arc] - lane;
        }

        blocks[block] = new Block(from, shared, Count, sameEnd);
    }

    private int Open()
    {
        int place = Count * ExtendedRange.Lanes;
        if (place + ExtendedRange.Lanes > arcs.Length)
        {
            int room = 2 * (place + ExtendedRange.Lanes);
            (int[] kept, int[] ends) = (arcs, Ends);
            Array.Resize(ref kept, room);
            Array.Resize(ref ends, room);
            (arcs, Ends) = (kept, ends);
            (Mantissas, Exponents, Numbers) = (new double[room], new double[room], new double[room]); // loaded after all is arranged
        }

        arcs.AsSpan(place, ExtendedRange.Lanes).Fill(None);
        Ends.AsSpan(place, ExtendedRange.Lanes).Clear();
        return Count++;
    }

    /// <summary>The rows of eight states.</summary>
    /// <param name="From">The first row.</param>
    /// <param name="Shared">The end of the rows that arcs of one length share, or arcs with one state at their other ends.</param>
    /// <param name="To">The end of the rows.</param>
    /// <param name="SameEnd">Which of the two.</param>
    internal readonly record struct Block(int From, int Shared, int To, bool SameEnd);
}
