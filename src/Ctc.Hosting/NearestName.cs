namespace Ctc.Hosting;

/// <summary>Suggests a known name for a mistyped one.</summary>
internal static class NearestName
{
    /// <summary>A question with the most similar name, or the list of all names if none is similar.</summary>
    /// <param name="given">The name as written.</param>
    /// <param name="known">The names that exist.</param>
    /// <returns>"did you mean 'epochs'?", "expected one of a, b, c", or "there is none".</returns>
    public static string Suggest(string given, IEnumerable<string> known)
    {
        string[] names = [.. known.Distinct().Order(StringComparer.Ordinal)];
        return names.Length == 0 ? "there is none"
            : Find(given, names) is { } nearest ? $"did you mean '{nearest}'?"
            : $"expected one of {string.Join(", ", names)}";
    }

    /// <summary>The known name with the smallest edit distance.</summary>
    /// <param name="given">The name as written.</param>
    /// <param name="known">The names that exist.</param>
    /// <returns>One of the names, the first in ordinal order if several are equally near; null if none is near.</returns>
    public static string? Find(string given, IEnumerable<string> known)
    {
        int most = Math.Max(1, (given.Length + 1) / 3);
        return known.Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Edits: IsSwap(given, name) ? 1 : EditDistance.Between<char>(given, name)))
            .Where(candidate => candidate.Edits <= most)
            .OrderBy(candidate => candidate.Edits)
            .FirstOrDefault().Name;
    }

    // Two neighbouring letters in the other order: two edits, and one slip.
    private static bool IsSwap(string given, string name)
    {
        if (given.Length != name.Length) return false;
        int first = given.AsSpan().CommonPrefixLength(name);
        return first + 1 < given.Length
            && given[first] == name[first + 1]
            && given[first + 1] == name[first]
            && given.AsSpan(first + 2).SequenceEqual(name.AsSpan(first + 2));
    }
}
