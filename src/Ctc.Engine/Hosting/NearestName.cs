using Ctc.Engine.Decoding;

namespace Ctc.Engine.Hosting;

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
        if (names.Length == 0) return "there is none";

        (string nearest, int edits) = names.Select(name => (name, EditDistance.Between<char>(given, name))).MinBy(pair => pair.Item2);
        return edits <= Math.Max(1, (given.Length + 1) / 3) // two letters that changed places are two edits
            ? $"did you mean '{nearest}'?"
            : $"expected one of {string.Join(", ", names)}";
    }
}
