using System.Globalization;
using System.Runtime.InteropServices;

namespace Ctc.Engine.Decoding.LanguageModels;

/// <summary>Reads one ARPA file.</summary>
/// <param name="lines">Its lines.</param>
internal sealed class ArpaReader(ByteLines lines)
{
    private const int LongestOrder = 32;

    private readonly NGramTrie trie = new();
    private readonly Dictionary<string, int> indices = [];
    private readonly List<int> announced = [];
    private readonly List<int> parents = [], units = [];
    private readonly List<double> logProbs = [], backoffs = [];

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public NGramModel Read()
    {
        while (Next() is not "\\data\\")
        {
            // Anything may be before the data.
        }

        ReadCounts();
        for (int order = 1; order <= announced.Count; order++) ReadOrder(order);
        string last = NextWithText();
        if (last is not "\\end\\") throw Fault($"is '{last}'", "\\end\\");
        var names = new string[indices.Count];
        foreach ((string name, int index) in indices) names[index] = name;
        return new NGramModel(trie, names, indices);
    }

    private void ReadCounts()
    {
        string line = NextWithText();
        for (; line.StartsWith("ngram", StringComparison.Ordinal); line = NextWithText())
        {
            string[] sides = line["ngram".Length..].Split('=');
            if (sides.Length != 2 || !int.TryParse(sides[0], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out int order)
                || !int.TryParse(sides[1], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out int count)
                || order != announced.Count + 1 || order > LongestOrder)
            {
                throw Fault($"is '{line}'", $"the number of {announced.Count + 1}-grams, as in 'ngram {announced.Count + 1}=100'");
            }

            announced.Add(count);
        }

        if (announced.Count == 0) throw Fault($"is '{line}'", "'ngram 1=', the number of unigrams");
        if (line != Heading(1)) throw Fault($"is '{line}'", Heading(1));
    }

    private void ReadOrder(int order)
    {
        if (order > 1 && NextWithText() is var heading && heading != Heading(order)) throw Fault($"is '{heading}'", Heading(order));
        foreach (var list in (List<int>[])[parents, units]) list.Clear();
        foreach (var list in (List<double>[])[logProbs, backoffs]) list.Clear();
        int first = lines.Number + 1;
        for (int i = 0; i < announced[order - 1]; i++)
        {
            if (!lines.TryRead(out ReadOnlySpan<char> line)) throw CutOff();
            if (line.IsWhiteSpace() || line[0] == '\\')
            {
                throw new InvalidDataException(
                    $"{lines.Where} ends the {order}-grams after {i} of them; expected {announced[order - 1]}, as the head of the file says.");
            }

            ReadNGram(line, order);
        }

        bool isHighest = order == announced.Count;
        int twice = trie.Add(Span(parents), Span(units), Span(logProbs), isHighest ? [] : Span(backoffs), out _);
        if (twice >= 0) throw new InvalidDataException($"{lines.Named(first + twice)} holds a {order}-gram for the second time; expected it once.");
    }

    private static ReadOnlySpan<T> Span<T>(List<T> list) => CollectionsMarshal.AsSpan(list);

    private void ReadNGram(ReadOnlySpan<char> line, int order)
    {
        ReadOnlySpan<char> rest = line;
        double logProb = Number(Field(ref rest), "the log-probability");
        if (logProb > 0) throw Fault($"gives the log-probability {Text(logProb)}", "0 or less");
        int parent = NGramTrie.Root, unit = -1;
        for (int i = 0; i < order; i++)
        {
            ReadOnlySpan<char> name = Field(ref rest);
            if (name.IsEmpty) throw Fault($"has {i} units", $"{order}, in the section of the {order}-grams");
            if (i > 0 && (parent = trie.Child(parent, unit)) < 0)
            {
                throw Fault($"is a {order}-gram whose first {i} units are no {i}-gram", "its context");
            }

            unit = order == 1 ? NewUnit(name) : KnownUnit(name);
        }

        ReadOnlySpan<char> weight = Field(ref rest);
        double backoff = weight.IsEmpty ? 0 : Number(weight, "the back-off weight");
        if (order == announced.Count && backoff != 0) throw Fault("has a back-off weight", "none in the highest order");
        if (!Field(ref rest).IsEmpty) throw Fault("has further fields", $"a log-probability, {order} units and a back-off weight");
        parents.Add(parent);
        units.Add(unit);
        logProbs.Add(ArpaFile.ToNats(logProb));
        backoffs.Add(ArpaFile.ToNats(backoff));
    }

    private int NewUnit(ReadOnlySpan<char> name)
    {
        int index = indices.Count;
        return indices.TryAdd(name.ToString(), index) ? index : throw Fault($"holds the unigram '{name}' for the second time", "it once");
    }

    private int KnownUnit(ReadOnlySpan<char> name) => indices.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out int index)
        ? index
        : throw Fault($"holds '{name}'", "a unit of the unigrams");

    private double Number(ReadOnlySpan<char> field, string what) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw Fault($"gives {what} '{field}'", "a number");

    // Fields are separated by tabs or spaces. Other white space may be part of a unit.
    private static ReadOnlySpan<char> Field(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(" \t");
        int end = rest.IndexOfAny(' ', '\t');
        ReadOnlySpan<char> field = end < 0 ? rest : rest[..end];
        rest = rest[field.Length..];
        return field;
    }

    private string NextWithText()
    {
        string line = Next();
        while (line.Length == 0) line = Next();
        return line;
    }

    private string Next() => lines.TryRead(out ReadOnlySpan<char> line) ? line.Trim().ToString() : throw CutOff();

    private InvalidDataException CutOff() => new(
        announced.Count == 0
            ? $"{lines.Where} ends a file without \\data\\ and the numbers of n-grams; expected an ARPA file."
            : $"{lines.Where} is the last line, before \\end\\; expected a whole ARPA file.");

    private InvalidDataException Fault(string found, string expected) => new($"{lines.Where} {found}; expected {expected}.");

    private static string Heading(int order) => $"\\{order}-grams:";

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
