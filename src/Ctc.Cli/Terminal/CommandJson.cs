using System.Text.Json;
using Ctc.Configuration.Json;

namespace Ctc.Cli.Terminal;

/// <summary>The JSON of the command: snake_case keys, letters not escaped.</summary>
internal static class CommandJson
{
    public static JsonSerializerOptions Page { get; } = new(JsonForm.SnakeCase) { WriteIndented = true };
}
