using Ctc.Hosting;
using Ctc.Testing.Conformance;

namespace Ctc.Cli.Commands.Plugins;

/// <summary>A message from the child process to <c>ctc plugins check</c>: a line on its standard output.</summary>
/// <param name="File">The plugin, after its file is read.</param>
/// <param name="Point">The noun of the extension point of a part whose checks start.</param>
/// <param name="Part">The name of that part.</param>
/// <param name="Check">The name of a check that starts.</param>
/// <param name="Result">The result of a check that ended.</param>
/// <param name="Ended">Whether this is the last message.</param>
internal sealed record TrialMessage(
    PluginFile? File = null, string? Point = null, string? Part = null, string? Check = null, CheckResult? Result = null, bool Ended = false);
