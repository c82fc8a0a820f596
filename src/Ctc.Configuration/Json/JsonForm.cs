using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ctc.Configuration.Json;

/// <summary>The forms in which JSON is written. All escape as little as JSON requires, because YAML has no escape for surrogate pairs.</summary>
internal static class JsonForm
{
    /// <summary>Gets one line, keys as they are: the form of identities.</summary>
    public static JsonSerializerOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Gets lines of text that are the same on every system, keys as they are.</summary>
    public static JsonSerializerOptions Indented { get; } = new(Compact) { WriteIndented = true, NewLine = "\n" };

    /// <summary>Gets one line with keys in snake_case.</summary>
    public static JsonSerializerOptions SnakeCase { get; } = new(Compact) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Gets what <see cref="Compact"/> is for a <see cref="Utf8JsonWriter"/>.</summary>
    public static JsonWriterOptions Writer { get; } = new() { Encoder = Compact.Encoder };
}
