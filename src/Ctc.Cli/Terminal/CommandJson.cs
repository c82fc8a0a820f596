using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ctc.Cli.Terminal;

/// <summary>How the command prints JSON: snake_case keys, letters as they are.</summary>
internal static class CommandJson
{
    public static JsonSerializerOptions Page { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };
}
