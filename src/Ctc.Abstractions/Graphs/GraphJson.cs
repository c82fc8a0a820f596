using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Ctc;

/// <summary>
/// Graphs as text: <c>{"states":[labels],"arcs":[[from,to,score?]],"initial":[[state,score?]],"final":[[state,score?]],"empty":score?}</c>.
/// </summary>
/// <remarks>A missing score is 0, that of <c>empty</c> −∞. Forbidden states and arcs are not listed; infinite scores are rejected.</remarks>
public static class GraphJson
{
    private static readonly string[] Required = ["states", "arcs", "initial", "final"];

    /// <summary>Reads a graph.</summary>
    /// <param name="json">One JSON object with the keys above, each once, and no other.</param>
    /// <returns>A graph whose arcs are in the order of the text.</returns>
    /// <exception cref="InvalidDataException">The text is not such an object; the message is one sentence: where, found, expected.</exception>
    public static Graph Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Parse(document.RootElement);
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException(
                $"the graph is no JSON: line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1} was not expected", broken);
        }
        catch (ArgumentException broken)
        {
            throw new InvalidDataException("the graph is no JSON: it holds half a Unicode character", broken);
        }
    }

    /// <inheritdoc cref="Parse(string)"/>
    /// <param name="element">The object, as an element of a larger document.</param>
    public static Graph Parse(JsonElement element) => Parse(element, (name, label) => Whole(name, label));

    /// <summary>Reads a graph whose states are labelled by symbol instead of token; <c>null</c> is the blank.</summary>
    /// <param name="element">The object, as an element of a larger document.</param>
    /// <param name="token">Returns the token of a symbol; of the blank for null.</param>
    /// <returns>A graph whose arcs are in the order of the text.</returns>
    /// <exception cref="InvalidDataException">The element is not such an object; the message is one sentence: where, found, expected.</exception>
    public static Graph Parse(JsonElement element, Func<string?, long> token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return Parse(element, (name, label) => label.ValueKind == JsonValueKind.Null ? token(null) : token(Symbol(name, label)));
    }

    private static Graph Parse(JsonElement element, Func<string, JsonElement, long> label)
    {
        if (element.ValueKind != JsonValueKind.Object) throw Wrong("the graph", element, "an object");
        Dictionary<string, JsonElement> fields = Fields(element);
        try
        {
            return new Graph(
                [.. Items("states", fields["states"]).Select(item => label(item.Name, item.Value))],
                [.. Tuples("arcs", fields["arcs"], "[from, to] or [from, to, score]",
                    2).Select(arc => new GraphArc(arc.Whole[0], arc.Whole[1], arc.Score))],
                [.. Ends("initial", fields["initial"])],
                [.. Ends("final", fields["final"])],
                fields.TryGetValue("empty", out JsonElement empty) ? Score("empty", empty) : double.NegativeInfinity);
        }
        catch (ArgumentException wrong)
        {
            // Without ArgumentException's suffix, which names a parameter of the constructor.
            throw new InvalidDataException(wrong.Message.Replace($" (Parameter '{wrong.ParamName}')", "", StringComparison.Ordinal), wrong);
        }
    }

    private static Dictionary<string, JsonElement> Fields(JsonElement element)
    {
        var fields = new Dictionary<string, JsonElement>();
        foreach (JsonProperty property in element.EnumerateObject())
        {
            // The raw text: unescaping an unpaired surrogate would throw.
            string key = Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(property));
            if (!Required.Append("empty").Contains(key))
            {
                throw new InvalidDataException($"the graph has a key '{Shown(key)}'; expected {string.Join(", ", Required)} and perhaps empty");
            }

            if (!fields.TryAdd(key, property.Value)) throw new InvalidDataException($"the graph has the key '{key}' twice; expected it once");
        }

        if (Required.FirstOrDefault(key => !fields.ContainsKey(key)) is { } missing)
        {
            throw new InvalidDataException($"the graph has no key '{missing}'; expected {string.Join(", ", Required)}");
        }

        return fields;
    }

    private static IEnumerable<ScoredState> Ends(string name, JsonElement list) =>
        Tuples(name, list, "[state] or [state, score]", 1).Select(end => new ScoredState(end.Whole[0], end.Score));

    private static IEnumerable<(int[] Whole, double Score)> Tuples(string name, JsonElement list, string shape, int states)
    {
        foreach ((string item, JsonElement value) in Items(name, list))
        {
            if (value.ValueKind != JsonValueKind.Array) throw Wrong(item, value, shape);
            JsonElement[] numbers = [.. value.EnumerateArray()];
            if (numbers.Length != states && numbers.Length != states + 1)
            {
                throw new InvalidDataException($"{item} holds {numbers.Length} values; expected {shape}");
            }

            yield return (
                [.. numbers.Take(states).Select((number, i) => Whole($"{item}[{i}]", number))],
                numbers.Length > states ? Score($"{item}[{states}]", numbers[states]) : 0);
        }
    }

    private static IEnumerable<(string Name, JsonElement Value)> Items(string name, JsonElement list) => list.ValueKind == JsonValueKind.Array
        ? list.EnumerateArray().Select((value, i) => ($"{name}[{i}]", value))
        : throw Wrong(name, list, "a list");

    private static int Whole(string name, JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int whole)
        ? whole
        : throw Wrong(name, value, "a whole number");

    private static string Symbol(string name, JsonElement value)
    {
        try
        {
            if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } symbol) return symbol;
        }
        catch (InvalidOperationException)
        {
            // An unpaired surrogate is not a symbol.
        }

        throw Wrong(name, value, "a symbol, or null for the blank");
    }

    private static double Score(string name, JsonElement value) => value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble())
        ? value.GetDouble()
        : throw Wrong(name, value, "a finite number");

    private static InvalidDataException Wrong(string name, JsonElement value, string expected) =>
        new($"{name} is {Shown(value.GetRawText())}; expected {expected}");

    private static string Shown(string raw) => raw.Length > 40 ? $"{raw[..40]}…" : raw;
}
