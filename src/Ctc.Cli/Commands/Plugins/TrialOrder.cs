namespace Ctc.Cli.Commands.Plugins;

/// <summary>What to try of a plugin.</summary>
/// <param name="Dll">The plugin.</param>
/// <param name="Part">The only part to try; null for all.</param>
/// <param name="Options">A file with its options; null for defaults and drawn values.</param>
/// <param name="Timeout">How long one part may take.</param>
internal sealed record TrialOrder(string Dll, string? Part, string? Options, TimeSpan Timeout)
{
    /// <param name="skipped">How many parts have been dealt with.</param>
    public IReadOnlyList<string> Arguments(int skipped) =>
    [
        Dll, PluginTrialOptions.Skip, $"{skipped}",
        .. Part is null ? Array.Empty<string>() : [PluginTrialOptions.Part, Part],
        .. Options is null ? Array.Empty<string>() : [PluginTrialOptions.Options, Options],
    ];
}

/// <summary>The names of options that the command and the process it starts share.</summary>
internal static class PluginTrialOptions
{
    public const string Skip = "--skip", Part = "--part", Options = "--options";
}
