namespace Ctc.Engine.Decoding.LanguageModels;

/// <summary>A back-off n-gram model of any order, held compactly: 16 bytes for an n-gram of the highest order, 28 for a shorter one.</summary>
/// <remarks>
/// p(w|h) is that of the n-gram h w if the model has it, otherwise the back-off weight of h times p(w|h′), where h′ is h without its oldest unit
/// (Katz, IEEE Transactions on Acoustics, Speech, and Signal Processing 35(3), 1987). A state is the longest context that the model has. Lookups
/// take a binary search for each order and are safe from several threads.
/// </remarks>
public sealed class NGramModel
{
    /// <summary>The names of the units that are no units of a text: the start of a sentence, its end, and the unknown unit.</summary>
    internal const string StartName = "<s>", EndName = "</s>", UnknownName = "<unk>", OtherUnknownName = "<UNK>";

    /// <summary>The symbol of a space, and its name as a unit: fields of ARPA files are separated by spaces.</summary>
    internal const string Space = " ", SpaceName = "<space>";

    private readonly NGramTrie trie;
    private readonly string[] units;
    private readonly Dictionary<string, int> indices;
    private readonly int unknown, end;

    internal NGramModel(NGramTrie trie, string[] units, Dictionary<string, int> indices)
    {
        (this.trie, this.units, this.indices) = (trie, units, indices);
        unknown = indices.GetValueOrDefault(UnknownName, indices.GetValueOrDefault(OtherUnknownName, -1));
        end = indices.GetValueOrDefault(EndName, -1);
        Start = trie.Order > 1 && indices.TryGetValue(StartName, out int start) ? NGramTrie.Unigram(start) : NGramTrie.Root;
    }

    /// <summary>Gets the number of units in the longest n-gram, 1 or more.</summary>
    public int Order => trie.Order;

    /// <summary>Gets the number of n-grams of each order from 1 on.</summary>
    public IReadOnlyList<int> Counts => trie.Counts;

    /// <summary>Gets the state after the start of a sentence.</summary>
    public int Start { get; }

    /// <summary>Gets the n-grams.</summary>
    internal NGramTrie Trie => trie;

    /// <summary>Gets the units of the unigrams, those of the sentence and the unknown one among them.</summary>
    internal IReadOnlyList<string> Units => units;

    /// <summary>Finds a unit.</summary>
    /// <param name="unit">A symbol or a word. A space is the unit <c>&lt;space&gt;</c>.</param>
    /// <returns>Its index; −1 if it is unknown, as the names <c>&lt;s&gt;</c>, <c>&lt;/s&gt;</c> and <c>&lt;unk&gt;</c> are in a text.</returns>
    public int IndexOf(string unit) => unit is StartName or EndName or UnknownName or OtherUnknownName
        ? -1
        : indices.GetValueOrDefault(unit == Space ? SpaceName : unit, -1);

    /// <summary>Returns the log-probability of a unit.</summary>
    /// <param name="state">The state before the unit.</param>
    /// <param name="unit">The index of a unit; −1 for an unknown unit.</param>
    /// <param name="after">The state after the unit.</param>
    /// <returns>In nats. That of <c>&lt;unk&gt;</c> for an unknown unit; −∞ if the model has none.</returns>
    public double LogProbability(int state, int unit, out int after)
    {
        int known = unit < 0 ? unknown : unit;
        if (known >= 0) return trie.LogProbability(state, known, out after);
        after = NGramTrie.Root;
        return double.NegativeInfinity;
    }

    /// <summary>Returns the log-probability that the sentence ends.</summary>
    /// <param name="state">The state after the last unit.</param>
    /// <returns>In nats; 0 if the model has no <c>&lt;/s&gt;</c>.</returns>
    public double LogProbabilityOfEnd(int state) => end < 0 ? 0 : trie.LogProbability(state, end, out _);
}
