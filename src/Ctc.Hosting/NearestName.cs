namespace Ctc.Hosting;

/// <summary>Helps whoever mistyped a name.</summary>
public static class NearestName
{
    /// <summary>A question with the name most like the one given, or the list of names where none is like it.</summary>
    /// <param name="given">What was written.</param>
    /// <param name="known">What could have been meant.</param>
    /// <returns>"did you mean 'epochs'?", "expected one of a, b, c", or "there is none".</returns>
    public static string Suggest(string given, IEnumerable<string> known)
    {
        string[] names = [.. known.Distinct().Order(StringComparer.Ordinal)];
        return names.Length == 0 ? "there is none"
            : Of(given, names) is { } nearest ? $"did you mean '{nearest}'?"
            : $"expected one of {string.Join(", ", names)}";
    }

    /// <summary>The name most like the one given.</summary>
    /// <param name="given">What was written.</param>
    /// <param name="known">What could have been meant.</param>
    /// <returns>One of the names, the first in ordinal order where several are as like; null where none is like it.</returns>
    public static string? Of(string given, IEnumerable<string> known)
    {
        int most = Math.Max(1, (given.Length + 1) / 3); // two letters that changed places are two edits
        return known.Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Edits: EditDistance.Between<char>(given, name)))
            .Where(candidate => candidate.Edits <= most)
            .OrderBy(candidate => candidate.Edits)
            .FirstOrDefault().Name;
    }
}
