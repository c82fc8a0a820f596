using System.Runtime.InteropServices;

namespace Ctc.Engine.Decoding.LanguageModels;

/// <summary>Estimates an n-gram model from text: interpolated Kneser-Ney smoothing with one discount for each order.</summary>
/// <remarks>
/// <para>
/// p(w|h) = (c(hw) − D) / c(h) + D n(h) / c(h) · p(w|h′), where h′ is h without its oldest unit, c(h) the sum of c(hw) and n(h) the number of units
/// after h. In the highest order and after the start of a sentence c counts occurrences, otherwise the different units that precede. The share
/// that the unigrams leave is divided equally among all units, the end of a sentence and <c>&lt;unk&gt;</c>. Every order's discount is
/// D = n₁ / (n₁ + 2 n₂), where n_c n-grams have the count c, or ½ if one of the two is 0.
/// </para>
/// <para>Source: Chen and Goodman, An Empirical Study of Smoothing Techniques for Language Modeling, TR-10-98, Harvard, 1998, section 3.</para>
/// </remarks>
public sealed class KneserNey
{
    private const int Unknown = 0, Start = 1, End = 2;

    private readonly List<string> names = [NGramModel.UnknownName, NGramModel.StartName, NGramModel.EndName];
    private readonly Dictionary<string, int> indices;
    private readonly NGramCounts[] orders;

    /// <summary>Prepares an estimate without text.</summary>
    /// <param name="order">The number of units in the longest n-gram, 1 to 32.</param>
    public KneserNey(int order)
    {
        if (order is < 1 or > 32) throw new ArgumentOutOfRangeException(nameof(order), $"The order is {order}; expected 1 to 32.");
        orders = [.. Enumerable.Range(0, order).Select(_ => new NGramCounts())];
        indices = names.Select((name, index) => (name, index)).ToDictionary(unit => unit.name, unit => unit.index);
        for (int unit = Unknown; unit <= End; unit++) orders[0].Place(0, unit, 0, out _);
    }

    /// <summary>Gets the number of units added, the ends of sentences not among them.</summary>
    public long Units { get; private set; }

    /// <summary>Gets the number of sentences added.</summary>
    public long Sentences { get; private set; }

    /// <summary>Adds the units of a sentence.</summary>
    /// <param name="sentence">Symbols or words; <c>&lt;unk&gt;</c> is the unknown unit, a space the unit <c>&lt;space&gt;</c>.</param>
    /// <exception cref="ArgumentException">
    /// A unit is <c>&lt;s&gt;</c> or <c>&lt;/s&gt;</c>, is empty, or has a tab, a line break, or a space among other characters.
    /// </exception>
    public void Add(IReadOnlyList<string> sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        int[] units = [Start, .. sentence.Select(Index), End];
        int[] before = new int[orders.Length], here = new int[orders.Length]; // the place of the n-gram of each order that ends here
        for (int i = 0; i < units.Length; i++)
        {
            for (int length = 1; length <= Math.Min(i + 1, orders.Length); length++) Count(units[i], length, i, before, here);
            (before, here) = (here, before);
        }

        (Units, Sentences) = (Units + sentence.Count, Sentences + 1);
    }

    private void Count(int unit, int length, int position, int[] before, int[] here)
    {
        int parent = length == 1 ? 0 : before[length - 2], suffix = length == 1 ? 0 : here[length - 2];
        int place = orders[length - 1].Place(parent, unit, suffix, out bool isNew);
        here[length - 1] = place;
        bool startsSentence = length == position + 1;
        if ((length == orders.Length || startsSentence) && unit != Start) orders[length - 1].Counts[place]++;
        if (isNew && length > 1) orders[length - 2].Counts[suffix]++;
    }

    private int Index(string symbol)
    {
        string unit = symbol == NGramModel.Space ? NGramModel.SpaceName : symbol;
        if (indices.TryGetValue(unit, out int index))
        {
            return index is Start or End
                ? throw new ArgumentException($"The text holds '{unit}', which marks the start or the end of a sentence; expected other units.")
                : index;
        }

        if (unit.Length == 0 || unit.AsSpan().ContainsAny(" \t\r\n"))
        {
            throw new ArgumentException($"The text holds the unit '{unit}'; expected units without spaces, tabs and line breaks.");
        }

        indices.Add(unit, names.Count);
        names.Add(unit);
        return orders[0].Place(0, names.Count - 1, 0, out _);
    }

    /// <summary>Estimates the model of the text added until now.</summary>
    /// <returns>For every state the probabilities of all units, of the end and of <c>&lt;unk&gt;</c> add up to 1.</returns>
    /// <exception cref="InvalidOperationException">There is no sentence.</exception>
    public NGramModel Build()
    {
        if (Sentences == 0) throw new InvalidOperationException("There is no text; expected at least one sentence.");
        var trie = new NGramTrie();
        double[] shorter = [1.0 / (names.Count - 1)]; // the probability of each n-gram's last unit, one order below
        int[] nodes = [NGramTrie.Root];
        var (total, distinct) = Sums(orders[0], 1);
        double discount = orders[0].Discount();
        for (int order = 1; order <= orders.Length; order++)
        {
            NGramCounts counts = orders[order - 1];
            var probabilities = new double[counts.Units.Count];
            for (int i = 0; i < probabilities.Length; i++)
            {
                int context = counts.Parents[i];
                double left = discount * distinct[context] / total[context];
                probabilities[i] = (Math.Max(counts.Counts[i] - discount, 0) / total[context]) + (left * shorter[counts.Suffixes[i]]);
            }

            if (order == 1) probabilities[Start] = 0;
            bool isHighest = order == orders.Length;
            double[] backoffs = [];
            if (!isHighest)
            {
                NGramCounts longer = orders[order];
                (total, distinct) = Sums(longer, probabilities.Length);
                discount = longer.Discount();
                backoffs = [.. total.Select((sum, i) => sum == 0 ? 0 : Math.Log(discount * distinct[i] / sum))];
            }

            int[] parents = [.. counts.Parents.Select(parent => nodes[parent])];
            double[] logProbs = [.. probabilities.Select(probability => Math.Log(probability))];
            trie.Add(parents, CollectionsMarshal.AsSpan(counts.Units), logProbs, backoffs, out nodes);
            shorter = probabilities;
        }

        return new NGramModel(trie, [.. names], new Dictionary<string, int>(indices));
    }

    // For each context the sum of the counts after it, and the number of different units.
    private static (long[] Total, int[] Distinct) Sums(NGramCounts counts, int contexts)
    {
        var total = new long[contexts];
        var distinct = new int[contexts];
        for (int i = 0; i < counts.Units.Count; i++)
        {
            total[counts.Parents[i]] += counts.Counts[i];
            if (counts.Counts[i] > 0) distinct[counts.Parents[i]]++;
        }

        return (total, distinct);
    }
}
