using Ctc.Hosting;
using Ctc.Testing.Conformance;

namespace Ctc.Cli.Commands.Plugins;

/// <summary>The results of checking a plugin.</summary>
/// <param name="Path">The DLL.</param>
/// <param name="Plugin">Its version and digest; null if it could not be read.</param>
/// <param name="Loads">The result of loading it.</param>
/// <param name="Parts">Its parts whose checks started.</param>
internal sealed record PluginReport(string Path, PluginFile? Plugin, CheckResult Loads, IReadOnlyList<PartReport> Parts)
{
    public bool Failed => Loads.Outcome == Outcome.Failed || Parts.Any(part => part.Failed);
}

/// <summary>The results of checking a part.</summary>
/// <param name="Point">The noun of its extension point.</param>
/// <param name="Name">Its name.</param>
/// <param name="Results">A result for each check that started.</param>
internal sealed record PartReport(string Point, string Name, List<CheckResult> Results)
{
    public bool Failed => Results.Any(result => result.Outcome == Outcome.Failed);
}
