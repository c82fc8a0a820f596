using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>The distinct tokens of the states of one utterance, with the most common one (under CTC the blank) treated separately.</summary>
/// <remarks>
/// Half of CTC's states are blanks: the score of the blank is copied and its occupancy summed in whole vectors, those of other states one by one.
/// If the states use at least half of the vocabulary, all tokens are loaded, in order, which is faster than gathering.
/// </remarks>
internal sealed class UtteranceLabels
{
    private const int MostLanes = 16;

    private readonly int[] number, seen;
    private int utterance;

    /// <param name="tokens">V.</param>
    /// <param name="states">S.</param>
    public UtteranceLabels(long tokens, int states)
    {
        number = new int[tokens];
        seen = new int[tokens];
        Tokens = new int[2 * states];
        Uses = new int[states];
        Others = new int[states + 1];
        OtherNumbers = new int[states + 1];
        CommonMask = new double[states + ExtendedRange.Lanes];
        Numbers = new int[states + MostLanes];
        Unused = new float[(2 * states) + MostLanes];
    }

    /// <summary>Returns the capacity for the tokens of an utterance, in whole vectors.</summary>
    public static int Room(long tokens, int states) => Room((int)Math.Min(tokens, 2L * states));

    /// <summary>Rounds a number of tokens up to whole vectors.</summary>
    public static int Room(int count) => (count + MostLanes - 1) & -MostLanes;

    /// <summary>Gets the tokens used, to read their scores.</summary>
    public TokenList List => new(Tokens, Count, Common, All, Unused);

    /// <summary>Gets whether all tokens are used.</summary>
    public bool All { get; private set; }

    /// <summary>Gets the tokens used: the first <see cref="Count"/> entries.</summary>
    public int[] Tokens { get; }

    /// <summary>Gets the number of tokens used.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the index of the most common token in <see cref="Tokens"/>.</summary>
    public int Common { get; private set; }

    /// <summary>Gets the states with another token, in rising order: the first <see cref="OtherCount"/> entries.</summary>
    public int[] Others { get; }

    /// <summary>Gets the indices of their tokens in <see cref="Tokens"/>.</summary>
    public int[] OtherNumbers { get; }

    /// <summary>Gets the number of states with another token.</summary>
    public int OtherCount { get; private set; }

    /// <summary>Gets the index of the token of each state in <see cref="Tokens"/>; 0 behind the last state, as far as a vector reaches.</summary>
    public int[] Numbers { get; }

    /// <summary>Gets 1 for each state with the most common token, 0 for the others and after the last state.</summary>
    public double[] CommonMask { get; }

    /// <summary>Gets −∞ for each of <see cref="Tokens"/> that no state has, and 0 for the others and behind the last.</summary>
    public float[] Unused { get; }

    /// <summary>Gets the start of <see cref="Others"/> in the window.</summary>
    public int From { get; private set; }

    /// <summary>Gets the end of <see cref="Others"/> in the window, exclusive.</summary>
    public int To { get; private set; }

    private int[] Uses { get; }

    /// <summary>Loads the labels of an utterance.</summary>
    /// <param name="labels">Each in [0, V).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(ReadOnlySpan<long> labels)
    {
        utterance++;
        (int[] seen, int[] number, int[] uses, int[] tokens) = (this.seen, this.number, Uses, Tokens);
        int count = 0, common = 0;
        foreach (long label in labels)
        {
            if (seen[label] != utterance)
            {
                seen[label] = utterance;
                number[label] = count;
                uses[count] = 0;
                tokens[count++] = (int)label;
            }

            int own = number[label];
            if (++uses[own] > uses[common]) common = own;
        }

        (Count, Common) = (count, common);
        if (All) Array.Clear(Unused);
        All = number.Length <= 2 * Count;
        if (All)
        {
            Common = Tokens[Common];
            Count = number.Length;
            for (int token = 0; token < Count; token++)
            {
                Unused[token] = seen[token] == utterance ? 0 : float.NegativeInfinity;
                number[token] = Tokens[token] = token;
            }
        }

        Numbers.AsSpan(labels.Length, MostLanes).Clear();
        (int[] numbers, int[] others, int[] otherNumbers, double[] mask) = (Numbers, Others, OtherNumbers, CommonMask);
        (common, count) = (Common, 0);
        for (int s = 0; s < labels.Length; s++)
        {
            int own = numbers[s] = number[labels[s]];
            mask[s] = own == common ? 1 : 0;
            others[count] = s; // that of a common token is overwritten
            otherNumbers[count] = own;
            if (own != common) count++;
        }

        (OtherCount, From, To) = (count, 0, 0);
    }

    /// <summary>Sets <see cref="From"/> and <see cref="To"/> to the others in a window. Windows move by a few states from frame to frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Within(int first, int last)
    {
        while (From < OtherCount && Others[From] < first) From++;
        while (From > 0 && Others[From - 1] >= first) From--;
        while (To < OtherCount && Others[To] <= last) To++;
        while (To > 0 && Others[To - 1] > last) To--;
    }

    /// <summary>Copies a number of each token to its states in a window, in whole vectors.</summary>
    /// <typeparam name="TLanes">The vectors.</typeparam>
    /// <param name="from">By index of the token.</param>
    /// <param name="to">By state.</param>
    /// <param name="first">The first state of the window.</param>
    /// <param name="last">The last state of the window.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Spread<TLanes>(ref double from, ref double to, int first, int last)
        where TLanes : struct, IDoubleLanes<TLanes>
    {
        Within(first, last);
        TLanes common = TLanes.Of(Unsafe.Add(ref from, Common));
        for (nint s = first; s <= last; s += TLanes.Count) common.Store(ref to, s);
        SpreadOthers(ref from, ref to);
    }

    /// <summary>Copies a number of each token but the most common one to its states, in the window that <see cref="Within"/> was given.</summary>
    /// <typeparam name="T">The numbers.</typeparam>
    /// <param name="from">By index of the token.</param>
    /// <param name="to">By state.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SpreadOthers<T>(ref T from, ref T to)
    {
        ref int state = ref MemoryMarshal.GetArrayDataReference(Others), number = ref MemoryMarshal.GetArrayDataReference(OtherNumbers);
        nint end = To;
        for (nint i = From; i < end; i++) Unsafe.Add(ref to, Unsafe.Add(ref state, i)) = Unsafe.Add(ref from, Unsafe.Add(ref number, i));
    }
}
