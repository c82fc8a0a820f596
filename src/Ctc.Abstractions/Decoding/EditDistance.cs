namespace Ctc;

/// <summary>The fewest insertions, deletions and substitutions that turn one sequence into another (Levenshtein, 1966).</summary>
public static class EditDistance
{
    /// <summary>Counts the edits. O(n·m) time and memory.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="from">n elements.</param>
    /// <param name="to">m elements.</param>
    /// <returns>0 for equal sequences, at most max(n, m).</returns>
    public static int Between<T>(ReadOnlySpan<T> from, ReadOnlySpan<T> to)
        where T : IEquatable<T> => Table(from, to)[from.Length, to.Length];

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
