using System.Text.Json;
using Ctc.Hosting;
using Ctc.Testing.Conformance;

namespace Ctc.Cli.Commands.Plugins;

/// <summary>What the process that tries a plugin tells the command: a line on its standard output.</summary>
/// <param name="File">The plugin, once it has been looked at.</param>
/// <param name="Point">The noun of the extension point of a part that is begun with.</param>
/// <param name="Part">Its name.</param>
/// <param name="Check">The name of a check that begins.</param>
/// <param name="Result">Of a check that ended.</param>
/// <param name="Ended">Whether everything has been said.</param>
internal sealed record TrialMessage(
    PluginFile? File = null, string? Point = null, string? Part = null, string? Check = null, CheckResult? Result = null, bool Ended = false)
{
    // A native library that prints does so in the midst of lines.
    private const string Sign = "ctc-trial ";

    public string ToLine() => $"\n{Sign}{JsonSerializer.Serialize(this)}\n";

    /// <summary>Null where the line is no message, such as a line that a plugin prints.</summary>
    public static TrialMessage? Parse(string line)
    {
        if (!line.StartsWith(Sign, StringComparison.Ordinal)) return null;
        try
        {
            return JsonSerializer.Deserialize<TrialMessage>(line[Sign.Length..]);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
