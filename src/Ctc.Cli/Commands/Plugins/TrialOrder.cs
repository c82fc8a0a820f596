namespace Ctc.Cli.Commands.Plugins;

/// <summary>Selects what to check of a plugin.</summary>
/// <param name="Dll">The plugin.</param>
/// <param name="Part">The only part to check; null for all.</param>
/// <param name="Options">A file with its options; null for defaults and random values.</param>
/// <param name="Timeout">The time limit for one part.</param>
internal sealed record TrialOrder(string Dll, string? Part, string? Options, TimeSpan Timeout)
{
    /// <param name="skipped">The number of leading parts to skip, which are already checked.</param>
    public IReadOnlyList<string> Arguments(int skipped) =>
    [
        Dll, PluginTrialOptions.Skip, $"{skipped}",
        .. Part is null ? Array.Empty<string>() : [PluginTrialOptions.Part, Part],
        .. Options is null ? Array.Empty<string>() : [PluginTrialOptions.Options, Options],
    ];
}

/// <summary>The names of the options shared by the command and its child process.</summary>
internal static class PluginTrialOptions
{
    public const string Skip = "--skip", Part = "--part", Options = "--options";
}
