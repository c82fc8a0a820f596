using System.Text.Json;
using Ctc.Configuration.Json;
using Ctc.Configuration.Yaml;
using Ctc.Experiments.Data.Common;
using Ctc.Hosting;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>Reads a line of a JSON Lines manifest: an object with an image, its text or tokens, and perhaps graph, group and id.</summary>
internal sealed class ManifestJson
{
    private static readonly string[] GroupKeys = ["group", "speaker", "writer"];
    private static readonly string[] Keys = ["image", "text", "tokens", "graph", "id", "image-page", .. GroupKeys];

    private const string APage = "the number of a page, from 1";
    private const int MostPages = ushort.MaxValue;

    private readonly Dictionary<string, JsonValue> values = [];
    private readonly Mistakes mistakes = new();
    private readonly SymbolText symbols;
    private readonly bool needsText;

    private ManifestJson(JsonElement line, SymbolText symbols, bool needsText)
    {
        (this.symbols, this.needsText) = (symbols, needsText);
        if (line.ValueKind != JsonValueKind.Object) throw new JsonValue("the line", line).Refuse("a JSON object");
        foreach (JsonProperty property in line.EnumerateObject())
        {
            string key = JsonValue.TextOf(() => property.Name, "a key");
            if (!Keys.Contains(key))
            {
                // Tools write metadata of many kinds. A key that is nearly one of these is a slip.
                if (NearestName.Find(key, Keys) is not { } meant) continue;
                mistakes.Add($"unknown key '{YamlScalar.Shown(key)}'; did you mean '{meant}'?");
                continue;
            }

            if (!values.TryAdd(key, new JsonValue(key, property.Value))) mistakes.Add($"the key '{key}' occurs twice; expected it once");
        }
    }

    /// <param name="where">File and line.</param>
    /// <param name="text">The line.</param>
    /// <param name="symbols">Splits texts into symbols.</param>
    /// <param name="needsText">Whether a line without text and tokens is refused.</param>
    /// <param name="image">Finds the image that the line names.</param>
    /// <exception cref="InvalidDataException">What was found and what was expected, without where.</exception>
    public static ManifestLine Parse(string where, string text, SymbolText symbols, bool needsText, Func<string, string> image)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return new ManifestJson(document.RootElement, symbols, needsText).ToLine(where, image);
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"byte {broken.BytePositionInLine + 1} was not expected; expected one JSON object", broken);
        }
    }

    private ManifestLine ToLine(string where, Func<string, string> image)
    {
        string path = mistakes.Try(Path) ?? "";
        string? file = path.Length > 0 ? mistakes.Try(() => image(path)) : null;
        string? id = mistakes.Try(() => Find("id") is { } written ? Text(written, "a name") : path);
        IReadOnlyList<string>? text = mistakes.Try(Symbols);
        List<string> states = [];
        JsonElement? graph = mistakes.Try(() => DrawnGraph(states));
        string? group = mistakes.Try(Group);
        int? page = mistakes.Try(Page);
        mistakes.Throw();
        return new ManifestLine(where, id!, new ImagePart(file!) { Page = page }, text!) { Graph = graph, GraphSymbols = states, Group = group };
    }

    private string Path() => Text(
        Find("image") ?? throw new InvalidDataException("missing key 'image'; expected the path of an image"), "the path of an image");

    private int? Page() => Find("image-page") is not { } written ? null
        : written.Whole(APage) is >= 1 and <= MostPages and var page ? (int)page : throw written.Refuse(APage);

    private JsonElement? DrawnGraph(List<string> states)
    {
        JsonElement? graph = Find("graph")?.Element.Clone();
        if (graph is not null && symbols.Rules.IsDisplayed)
        {
            throw new InvalidDataException("there is a graph, whose states are in the order of the frames; expected none with the direction auto");
        }

        if (graph is { } drawn) GraphJson.Parse(drawn, symbol => Note(symbol, states));
        return graph;
    }

    private IReadOnlyList<string> Symbols() => (Find("text"), Find("tokens")) switch
    {
        ({ } text, null) => symbols.Split(text.Text() ?? throw text.Refuse("text")),
        (null, { } tokens) => symbols.Ordered(tokens.Items("a list of symbols").Select(token => symbols.Symbol(Text(token, "a symbol")))),
        (null, null) when !needsText => [],
        (null, null) => throw new InvalidDataException("missing key 'text'; expected it, or a list of symbols under 'tokens'"),
        _ => throw new InvalidDataException("both 'text' and 'tokens' are there; expected one of them"),
    };

    private string? Group()
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
    }

    // Null counts as missing.
    private JsonValue? Find(string key) =>
        values.TryGetValue(key, out JsonValue value) && value.Element.ValueKind != JsonValueKind.Null ? value : null;

    private static string Text(JsonValue value, string expected) => value.Text() is { Length: > 0 } text ? text : throw value.Refuse(expected);

    private long Note(string? symbol, List<string> states)
    {
        if (symbol is not null) states.Add(symbols.Symbol(symbol));
        return 0;
    }
}
