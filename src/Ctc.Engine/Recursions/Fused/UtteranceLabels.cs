namespace Ctc.Engine.Recursions.Fused;

/// <summary>The tokens that the states of one utterance read, each counted once, with the most common one (under CTC the blank) set apart.</summary>
/// <remarks>
/// Half of CTC's states read the blank: its score is spread and its occupancy is summed by whole vectors, the other states' one by one.
/// Where the states read at least half of the vocabulary, all of it is read, in order: that is quicker than picking.
/// </remarks>
internal sealed class UtteranceLabels
{
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
        Others = new int[states];
        OtherNumbers = new int[states];
        CommonMask = new double[states + ExtendedRange.Lanes];
    }

    /// <summary>Room for the tokens that are read of an utterance, by whole vectors.</summary>
    public static int Room(long tokens, int states) => Room((int)Math.Min(tokens, 2L * states));

    /// <summary>Room for so many tokens, by whole vectors.</summary>
    public static int Room(int count) => (count + ExtendedRange.Lanes - 1) & -ExtendedRange.Lanes;

    /// <summary>Gets whether all tokens are read.</summary>
    public bool All { get; private set; }

    /// <summary>Gets the tokens that are read; the first <see cref="Count"/> count.</summary>
    public int[] Tokens { get; }

    /// <summary>Gets how many tokens are read.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the number of the most common token among <see cref="Tokens"/>.</summary>
    public int Common { get; private set; }

    /// <summary>Gets, in rising order, the states that read another token; the first <see cref="OtherCount"/> count.</summary>
    public int[] Others { get; }

    /// <summary>Gets the numbers of the tokens that they read.</summary>
    public int[] OtherNumbers { get; }

    /// <summary>Gets how many states read another token.</summary>
    public int OtherCount { get; private set; }

    /// <summary>Gets 1 for each state that reads the most common token, 0 for the others and behind the last state.</summary>
    public double[] CommonMask { get; }

    /// <summary>Gets the first of <see cref="Others"/> in the window.</summary>
    public int From { get; private set; }

    /// <summary>Gets the one behind the last of <see cref="Others"/> in the window.</summary>
    public int To { get; private set; }

    private int[] Uses { get; }

    /// <summary>Reads the labels of an utterance.</summary>
    /// <param name="labels">Each in [0, V).</param>
    public void Read(ReadOnlySpan<long> labels)
    {
        utterance++;
        Count = Common = OtherCount = From = To = 0;
        foreach (long label in labels)
        {
            if (seen[label] != utterance)
            {
                seen[label] = utterance;
                number[label] = Count;
                Uses[Count] = 0;
                Tokens[Count++] = (int)label;
            }

            int own = number[label];
            if (++Uses[own] > Uses[Common]) Common = own;
        }

        All = number.Length <= 2 * Count;
        if (All)
        {
            Common = Tokens[Common];
            Count = number.Length;
            for (int token = 0; token < Count; token++) number[token] = Tokens[token] = token;
        }

        for (int s = 0; s < labels.Length; s++)
        {
            int own = number[labels[s]];
            CommonMask[s] = own == Common ? 1 : 0;
            if (own == Common) continue;
            Others[OtherCount] = s;
            OtherNumbers[OtherCount++] = own;
        }
    }

    /// <summary>Moves <see cref="From"/> and <see cref="To"/> to the others in a window. Windows move by a few states from frame to frame.</summary>
    public void Within(int first, int last)
    {
        while (From < OtherCount && Others[From] < first) From++;
        while (From > 0 && Others[From - 1] >= first) From--;
        while (To < OtherCount && Others[To] <= last) To++;
        while (To > 0 && Others[To - 1] > last) To--;
    }
}
