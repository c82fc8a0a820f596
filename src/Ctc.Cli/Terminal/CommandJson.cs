using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ctc.Cli.Terminal;

/// <summary>The JSON of the command: snake_case keys, letters not escaped.</summary>
internal static class CommandJson
{
    public static JsonSerializerOptions Page { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };
}
