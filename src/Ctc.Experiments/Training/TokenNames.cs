using System.Globalization;
using System.Text.Json;

namespace Ctc.Experiments.Training;

/// <summary>The tokens that a model scores, by name.</summary>
/// <param name="names">The symbol of each token, that of the blank too.</param>
/// <param name="blank">The token of the blank; null if there is none. Its name does not count.</param>
internal sealed class TokenNames(IReadOnlyList<string> names, long? blank)
{
    /// <summary>Gets V.</summary>
    public int Count => names.Count;

    /// <summary>Gets the symbol of each token.</summary>
    public IReadOnlyList<string> All => names;

    /// <summary>Gets the token of the blank; null if there is none.</summary>
    public long? Blank => blank;

    /// <summary>The names of a vocabulary, those of added tokens included.</summary>
    public static TokenNames From(Vocabulary vocabulary) =>
        new([.. Enumerable.Range(0, (int)vocabulary.Size).Select(token => vocabulary.Symbol(token))], vocabulary.Blank);

    /// <summary>The names as texts of a file: <c>symbols</c>, a JSON list, and <c>blank</c>, its token, empty if there is none.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToMetadata() =>
    [
        KeyValuePair.Create("symbols", JsonSerializer.Serialize(names)),
        KeyValuePair.Create("blank", blank?.ToString(CultureInfo.InvariantCulture) ?? ""),
    ];

    /// <summary>Reads the names from the texts of a file.</summary>
    /// <returns>Null if they are missing or something else.</returns>
    public static TokenNames? FromMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            string[] names = JsonSerializer.Deserialize<string[]>(metadata.GetValueOrDefault("symbols", "null")) ?? [];
            string blank = metadata.GetValueOrDefault("blank", "");
            bool isToken = long.TryParse(blank, CultureInfo.InvariantCulture, out long token) && token >= 0 && token < names.Length;
            return names.Length > 0 && !names.Contains(null) && (isToken || blank.Length == 0) ? new TokenNames(names, isToken ? token : null) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Finds the tokens that two models have in common. The blank of one is that of the other.</summary>
    /// <returns>Pairs: a token of this model, and the same one of the other, in the order of the other.</returns>
    public (long[] From, long[] To) Match(TokenNames other)
    {
        var known = new Dictionary<string, long>();
        foreach ((int token, string name) in names.Index())
        {
            if (token != blank) known.TryAdd(name, token);
        }

        (long From, long To)[] pairs = [.. other.All.Index()
            .Select(entry => (From: entry.Index == other.Blank ? blank ?? -1 : known.GetValueOrDefault(entry.Item, -1), To: (long)entry.Index))
            .Where(pair => pair.From >= 0)];
        return ([.. pairs.Select(pair => pair.From)], [.. pairs.Select(pair => pair.To)]);
    }

    /// <summary>The names of all tokens but some.</summary>
    public IReadOnlyList<string> Except(IReadOnlyCollection<long> tokens) =>
        [.. names.Index().Where(entry => !tokens.Contains(entry.Index)).Select(entry => entry.Item)];
}
