using System.Text.Json;
using Ctc.Configuration.Json;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>A line of JSON Lines: an object with a text or tokens, and perhaps id and group. What its input is, a derived class reads.</summary>
internal abstract class LabelJson
{
    private static readonly string[] GroupKeys = ["group", "speaker", "writer"];
    private static readonly string[] LabelKeys = ["text", "tokens", "id", .. GroupKeys];

    private readonly Dictionary<string, JsonValue> values = [];
    private readonly bool needsText;

    /// <param name="line">The object.</param>
    /// <param name="inputKeys">The further keys that a line may have.</param>
    /// <param name="symbols">Splits texts into symbols.</param>
    /// <param name="needsText">Whether a line without text and tokens is refused.</param>
    /// <exception cref="InvalidDataException">It is no object.</exception>
    protected LabelJson(JsonElement line, IEnumerable<string> inputKeys, SymbolText symbols, bool needsText)
    {
        (Texts, this.needsText) = (symbols, needsText);
        if (line.ValueKind != JsonValueKind.Object) throw new JsonValue("the line", line).Refuse("a JSON object");
        string[] keys = [.. inputKeys, .. LabelKeys];
        foreach (JsonProperty property in line.EnumerateObject())
        {
            string key = JsonValue.TextOf(() => property.Name, "a key");
            if (!keys.Contains(key))
            {
                // Tools write metadata of many kinds. A key that is nearly one of these is a slip.
                if (NearestName.Find(key, keys) is not { } meant) continue;
                Mistakes.Add($"unknown key '{YamlScalar.Shown(key)}'; did you mean '{meant}'?");
                continue;
            }

            if (!values.TryAdd(key, new JsonValue(key, property.Value))) Mistakes.Add($"the key '{key}' occurs twice; expected it once");
        }
    }

    /// <summary>Gets the mistakes of the line.</summary>
    protected Mistakes Mistakes { get; } = new();

    /// <summary>Gets what splits texts into symbols.</summary>
    protected SymbolText Texts { get; }

    /// <summary>Parses a line.</summary>
    /// <param name="text">The line.</param>
    /// <param name="parse">Parses its object.</param>
    /// <exception cref="InvalidDataException">What was found and what was expected, without where.</exception>
    protected static T Parse<T>(string text, Func<JsonElement, T> parse)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return parse(document.RootElement);
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"byte {broken.BytePositionInLine + 1} was not expected; expected one JSON object", broken);
        }
    }

    /// <summary>The value of a key; null if it is missing or null.</summary>
    protected JsonValue? Find(string key) =>
        values.TryGetValue(key, out JsonValue value) && value.Element.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text that is not empty.</summary>
    protected static string Text(JsonValue value, string expected) => value.Text() is { Length: > 0 } text ? text : throw value.Refuse(expected);

    /// <summary>The path under a required key; empty, with a mistake, if there is none.</summary>
    protected string Path(string key, string expected) => Mistakes.Try(() => Text(
        Find(key) ?? throw new InvalidDataException($"missing key '{key}'; expected {expected}"), expected)) ?? "";

    /// <summary>The utterance's name.</summary>
    /// <param name="otherwise">The name of one without.</param>
    protected string? Id(string otherwise) => Mistakes.Try(() => Find("id") is { } written ? Text(written, "a name") : otherwise);

    /// <summary>The symbols of the text.</summary>
    protected IReadOnlyList<string>? Symbols() => Mistakes.Try(() => (Find("text"), Find("tokens")) switch
    {
        ({ } text, null) => Texts.Split(text.Text() ?? throw text.Refuse("text")),
        (null, { } tokens) => Texts.Ordered(tokens.Items("a list of symbols").Select(token => Texts.Symbol(Text(token, "a symbol")))),
        (null, null) when !needsText => [],
        (null, null) => throw new InvalidDataException("missing key 'text'; expected it, or a list of symbols under 'tokens'"),
        _ => throw new InvalidDataException("both 'text' and 'tokens' are there; expected one of them"),
    });

    /// <summary>The group; null if there is none.</summary>
    protected string? Group() => Mistakes.Try(() =>
    {
        JsonValue[] named = [.. GroupKeys.Select(Find).OfType<JsonValue>()];
        return named switch
        {
            [] => null,
            [{ Element.ValueKind: JsonValueKind.Number } number] => number.Element.GetRawText(),
            [{ } name] => Text(name, "a name"),
            _ =>
                throw new InvalidDataException(
                    $"both '{named[0].Path}' and '{named[1].Path}' are there; expected one of {string.Join(", ", GroupKeys)}"),
        };
    });
}
