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
    /// <returns>
    /// [n] whether an element is kept. Ties between shortest edits are decided from the end: a pair before a deletion, a
    /// deletion before an insertion.
    /// </returns>
    public static bool[] Kept<T>(ReadOnlySpan<T> from, ReadOnlySpan<T> to)
        where T : IEquatable<T>
    {
        int[,] edits = Table(from, to);
        var kept = new bool[from.Length];
        for (int i = from.Length, j = to.Length; i > 0 && j > 0;)
        {
            bool equal = from[i - 1].Equals(to[j - 1]);
            if (edits[i, j] == edits[i - 1, j - 1] + (equal ? 0 : 1))
            {
                kept[--i] = equal;
                j--;
            }
            else if (edits[i, j] == edits[i - 1, j] + 1)
            {
                i--;
            }
            else
            {
                j--;
            }
        }

        return kept;
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
