using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ctc.Experiments.Runs;

/// <summary>How everything that a run writes as JSON looks: snake_case keys; numbers that are not finite as strings.</summary>
internal static class RunJson
{
    public static JsonSerializerOptions Line { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonSerializerOptions Page { get; } = new(Line) { WriteIndented = true };
}
