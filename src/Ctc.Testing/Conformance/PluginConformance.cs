using Ctc.Hosting;

namespace Ctc.Testing.Conformance;

/// <summary>Checks of a plugin as a whole: it loads, and ships no assembly that the host provides.</summary>
public static class PluginConformance
{
    /// <summary>Gets the name of the one check.</summary>
    public const string Loads = "loads";

    /// <summary>Checks a discovered plugin.</summary>
    /// <param name="plugin">A plugin, loaded or not.</param>
    /// <returns>
    /// Failed, with the root cause or with files in its folder that the host does not use; or a warning about missing assemblies or native libraries.
    /// </returns>
    public static CheckResult Run(Plugin plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        return plugin switch
        {
            { Problem: { } problem } => new CheckResult(Loads, Outcome.Failed, problem),
            { Unused: { Count: > 0 } copies } => new CheckResult(
                Loads,
                Outcome.Failed,
                $"it ships its own {string.Join(", ", copies)}; expected none: the host provides {(copies.Count == 1 ? "it" : "them")}"),
            { MissingAssemblies: { Count: > 0 } causes } => new CheckResult(Loads, Outcome.Warned, string.Join("; ", causes)),
            { MissingLibraries: { Count: > 0 } missing } => new CheckResult(
                Loads,
                Outcome.Warned,
                $"its code calls the native {(missing.Count == 1 ? "library" : "libraries")} {string.Join(", ", missing)}; "
                + "found neither in its folder nor in the system"),
            _ => new CheckResult(Loads, Outcome.Passed, ""),
        };
    }
}
