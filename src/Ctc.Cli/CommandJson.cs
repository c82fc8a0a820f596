using System.Text.Json;
using Ctc.Configuration.Json;

namespace Ctc.Cli;

/// <summary>How the command prints JSON: snake_case keys, letters as they are.</summary>
internal static class CommandJson
{
    public static JsonSerializerOptions Page { get; } = new(JsonForm.SnakeCase) { WriteIndented = true };
}
