using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ctc.Configuration.Json;

/// <summary>The forms in which JSON is written. All escape as little as JSON requires, because YAML has no escape for surrogate pairs.</summary>
internal static class JsonForm
{
    /// <summary>Gets the form of identities: one line, property names unchanged.</summary>
    public static JsonSerializerOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Gets an indented form that is identical on every system, property names unchanged.</summary>
    public static JsonSerializerOptions Indented { get; } = new(Compact) { WriteIndented = true, NewLine = "\n" };

    /// <summary>Gets a form of one line with property names in snake_case.</summary>
    public static JsonSerializerOptions SnakeCase { get; } = new(Compact) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Gets the equivalent of <see cref="Compact"/> for a <see cref="Utf8JsonWriter"/>.</summary>
    public static JsonWriterOptions Writer { get; } = new() { Encoder = Compact.Encoder };
}
