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
    PluginFile? File = null, string? Point = null, string? Part = null, string? Check = null, CheckResult? Result = null, bool Ended = false);
