namespace Ctc;

/// <summary>The fewest insertions, deletions and substitutions that turn one sequence into another (Levenshtein, 1966).</summary>
public static class EditDistance
{
    private const int Word = 64;

    /// <summary>Counts the edits. O(n·m) time, O(n) memory.</summary>
    /// <remarks>
    /// Neighbours in a column of the table of edits differ by one at most. So a column is two bits for each element of the first sequence, and 64 of
    /// them are computed at once. Source: H. Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and Damerau Edit Distances", 2003, after
    /// G. Myers, 1999.
    /// </remarks>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="from">n elements.</param>
    /// <param name="to">m elements.</param>
    /// <returns>0 for equal sequences, at most max(n, m).</returns>
    public static int Between<T>(ReadOnlySpan<T> from, ReadOnlySpan<T> to)
        where T : IEquatable<T>
    {
        if (from.IsEmpty) return to.Length;
        int words = (from.Length + Word - 1) / Word, edits = from.Length;
        Span<ulong> more = new ulong[words], less = new ulong[words]; // the rows in which the number is one larger, or smaller, than above
        more.Fill(ulong.MaxValue);
        foreach (T own in to)
        {
            ulong moreAbove = 1, lessAbove = 0; // of the row above the word, against the column before
            for (int w = 0; w < words; w++)
            {
                ReadOnlySpan<T> rows = from[(w * Word)..Math.Min((w + 1) * Word, from.Length)];
                ulong equal = Equal(rows, own), vertical = equal | less[w];
                equal |= lessAbove;
                ulong horizontal = (((equal & more[w]) + more[w]) ^ more[w]) | equal;
                ulong moreThan = less[w] | ~(horizontal | more[w]), lessThan = more[w] & horizontal; // in the column before
                if (w == words - 1) edits += (int)((moreThan >> (rows.Length - 1)) & 1) - (int)((lessThan >> (rows.Length - 1)) & 1);
                (ulong moreNext, ulong lessNext) = ((moreThan << 1) | moreAbove, (lessThan << 1) | lessAbove);
                (moreAbove, lessAbove) = (moreThan >> (Word - 1), lessThan >> (Word - 1));
                (more[w], less[w]) = (lessNext | ~(vertical | moreNext), moreNext & vertical);
            }
        }

        return edits;
    }

    /// <summary>Finds the elements of a sequence that the edits leave unchanged. O(n·m) time and memory.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="from">n elements.</param>
    /// <param name="to">m elements.</param>
    /// <returns>[n] whether an element is kept, in the alignment of <see cref="Align"/>.</returns>
    public static bool[] Kept<T>(ReadOnlySpan<T> from, ReadOnlySpan<T> to)
        where T : IEquatable<T>
    {
        var kept = new bool[from.Length];
        foreach ((int i, int j) in Align(from, to))
        {
            if (i >= 0) kept[i] = j >= 0 && from[i].Equals(to[j]);
        }

        return kept;
    }

    /// <summary>Aligns two sequences by the fewest edits. O(n·m) time and memory.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="from">n elements.</param>
    /// <param name="to">m elements.</param>
    /// <returns>
    /// The positions of the elements that are opposite to each other, in order; −1 in place of <c>To</c> for an element that is deleted, and in
    /// place of <c>From</c> for one that is inserted. Ties between shortest edits are decided from the end: a pair before a deletion, a deletion
    /// before an insertion.
    /// </returns>
    public static IReadOnlyList<(int From, int To)> Align<T>(ReadOnlySpan<T> from, ReadOnlySpan<T> to)
        where T : IEquatable<T>
    {
        int[,] edits = Table(from, to);
        var pairs = new List<(int From, int To)>();
        for (int i = from.Length, j = to.Length; i > 0 || j > 0;)
        {
            bool pairing = i > 0 && j > 0 && edits[i, j] == edits[i - 1, j - 1] + (from[i - 1].Equals(to[j - 1]) ? 0 : 1);
            bool deleting = !pairing && i > 0 && edits[i, j] == edits[i - 1, j] + 1;
            pairs.Add((pairing || deleting ? --i : -1, pairing || !deleting ? --j : -1));
        }

        pairs.Reverse();
        return pairs;
    }

    // A bit for each of at most 64 elements.
    private static ulong Equal<T>(ReadOnlySpan<T> elements, T other)
        where T : IEquatable<T>
    {
        ulong equal = 0;
        for (int i = 0; i < elements.Length; i++) equal |= (elements[i].Equals(other) ? 1UL : 0) << i;
        return equal;
    }

    // [n + 1, m + 1]: the edits between the first i and the first j elements.
    private static int[,] Table<T>(ReadOnlySpan<T> from, ReadOnlySpan<T> to)
        where T : IEquatable<T>
    {
        var edits = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                edits[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        edits[i - 1, j - 1] + (from[i - 1].Equals(to[j - 1]) ? 0 : 1),
                        1 + Math.Min(edits[i - 1, j], edits[i, j - 1])),
                };
            }
        }

        return edits;
    }
}
