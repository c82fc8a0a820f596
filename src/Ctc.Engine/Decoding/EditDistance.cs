namespace Ctc.Engine.Decoding;

/// <summary>The fewest insertions, deletions and substitutions that turn one sequence into another (Levenshtein, 1966).</summary>
public static class EditDistance
{
    /// <summary>Counts the edits. O(n·m) time, O(m) memory.</summary>
    /// <typeparam name="T">What the sequences are made of.</typeparam>
    /// <param name="from">n elements.</param>
    /// <param name="to">m elements.</param>
    /// <returns>0 for equal sequences, at most max(n, m).</returns>
    public static int Between<T>(ReadOnlySpan<T> from, ReadOnlySpan<T> to)
        where T : IEquatable<T>
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 0; i < from.Length; i++)
        {
            int diagonal = row[0]++;
            for (int j = 0; j < to.Length; j++)
            {
                int substitution = diagonal + (from[i].Equals(to[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(substitution, 1 + Math.Min(row[j], diagonal));
            }
        }

        return row[^1];
    }
}
