using System.Text.Json;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Json;

/// <summary>A JSON value with its path, for error messages.</summary>
/// <param name="Path">The path at the start of messages, such as <c>inputs[2][0]</c>.</param>
/// <param name="Element">The value.</param>
internal readonly record struct JsonValue(string Path, JsonElement Element)
{
    /// <summary>Gets the value as shown in a message.</summary>
    private string Found => Element.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => YamlScalar.Shown(Element.GetRawText()),
    };

    /// <summary>Creates an error of one sentence: the path, what was found, and what was expected.</summary>
    public InvalidDataException Refuse(string expected) => Fault($"{Found}; expected {expected}");

    public InvalidDataException Fault(string sentence) => new($"{Path}: {sentence}");

    /// <summary>The items of a list, each with its index in its path.</summary>
    public IEnumerable<JsonValue> Items(string expected)
    {
        if (Element.ValueKind != JsonValueKind.Array) throw Refuse(expected);
        string path = Path;
        return Element.EnumerateArray().Select((item, i) => new JsonValue($"{path}[{i}]", item));
    }

    /// <summary>Parses a whole number. One with a decimal point or an exponent is an error even if its fraction is 0.</summary>
    /// <param name="expected">What kind of whole number, for the message.</param>
    public long Whole(string expected = "0, 1, 2, …")
    {
        if (Element.ValueKind != JsonValueKind.Number) throw Refuse(expected);
        if (Element.TryGetInt64(out long number)) return number;
        bool written = Element.GetRawText().AsSpan().ContainsAny('.', 'e', 'E');
        throw Refuse(written ? $"a whole number, written without a decimal point or an exponent: {expected}" : expected);
    }

    /// <summary>B lengths, each from 0 to a bound.</summary>
    public IReadOnlyList<long> Lengths(int size, long most, string what)
    {
        JsonValue[] items = [.. Items("a list of lengths")];
        if (items.Length != size) throw Fault($"{items.Length} lengths; expected {size}, one for each utterance");
        string expected = most == long.MaxValue ? "0 or more" : $"0 to {most}, {what}";
        return [.. items.Select(item => item.Whole(expected) is var length && length >= 0 && length <= most ? length : throw item.Refuse(expected))];
    }

    /// <summary>Parses the name of an enum value.</summary>
    public T Choice<T>()
        where T : struct, Enum => (T)Choice(KebabCase.Values(typeof(T)));

    /// <summary>Looks up a value by its name.</summary>
    public T Choice<T>(IReadOnlyDictionary<string, T> known)
    {
        if (Text() is not { } text) throw Refuse($"one of {string.Join(", ", known.Keys)}");
        return known.TryGetValue(text, out T? value) ? value : throw Fault($"{Found}; {NearestName.Suggest(text, known.Keys)}");
    }

    /// <summary>The text of a string; null if the value is not a string.</summary>
    public string? Text() => Element.ValueKind == JsonValueKind.String ? TextOf(Element.GetString, Path) : null;

    /// <summary>Decodes JSON text; an unpaired surrogate escape is an error.</summary>
    public static string TextOf(Func<string?> read, string path)
    {
        try
        {
            return read()!;
        }
        catch (InvalidOperationException)
        {
            throw new InvalidDataException($"{path}: half of a surrogate pair; expected text");
        }
    }
}
