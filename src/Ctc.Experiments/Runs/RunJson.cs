using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ctc.Experiments.Runs;

/// <summary>How everything that a run writes as JSON looks: snake_case keys; numbers that are not finite as strings; read back, nothing may be missing.</summary>
internal static class RunJson
{
    /// <summary>Reads an object; a file that holds null is as bad as any other.</summary>
    public static T Read<T>(string file) => JsonSerializer.Deserialize<T>(File.ReadAllText(file), Page) ?? throw new JsonException("there is nothing");

    public static JsonSerializerOptions Line { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public static JsonSerializerOptions Page { get; } = new(Line) { WriteIndented = true };
}
