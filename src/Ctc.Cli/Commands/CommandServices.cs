using Ctc.Cli.Commands.Cache;
using Ctc.Cli.Processes;
using Ctc.Comparisons;
using Ctc.Configuration.Identity;
using Ctc.Experiments;
using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Texts;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Cli.Commands;

/// <summary>The composition root: provides the parts and plugins of a command. Disposed at the end of the process.</summary>
internal sealed class CommandServices : IDisposable
{
    /// <summary>The environment variable that names further places of plugins, separated as in PATH.</summary>
    public const string PluginPathVariable = "CTC_PLUGIN_PATH";

    /// <summary>The environment variable that names a further allow-list of plugins.</summary>
    public const string AllowListVariable = "CTC_PLUGIN_ALLOW";

    private ServiceProvider? provider;
    private FeatureCache? cache;

    /// <summary>Gets the time after which a part is named that is still being created: its plugin may hang. The command continues to wait.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets what is called after each plugin is loaded; null for nothing.</summary>
    public Action? PluginLoaded { get; set; }

    /// <summary>Builds the provider. A command calls it once, because an experiment's file names further plugins.</summary>
    /// <param name="plugins">DLLs or folders that an experiment names.</param>
    /// <returns>Provides <see cref="PartCatalog"/> and <see cref="PluginCatalog"/>, and each part's factory by extension point and name.</returns>
    public IServiceProvider Provide(params IReadOnlyList<string> plugins)
    {
        if (provider is not null) throw new InvalidOperationException("The services of this command are built already.");
        IReadOnlyList<string> places = PluginSearch.Places(Environment.GetEnvironmentVariable(PluginPathVariable), plugins);

        // Absolute before the first plugin is loaded, because a plugin may change the current folder.
        PluginCatalog catalog = PluginCatalog.Discover(
            [.. places.Select(StartFolder.Resolve)], AllowLists(), new PluginWatch(Patience, Report) { Loaded = PluginLoaded });
        string? folder = CacheFolder.Find();
        FileDigest.Index = folder is null ? null : DigestIndex.Load(CacheFolder.DigestsIn(folder));
        cache = new FeatureCache(folder, sentence => Console.Error.WriteLine($"ctc: {Printable.Line(sentence)}"));
        return provider = new ServiceCollection().AddCtcExperiments(cache).AddCtcComparisons().AddCtcPlugins(catalog).BuildServiceProvider();
    }

    /// <summary>The allow-lists of this process.</summary>
    public static IReadOnlyList<PluginAllowList> AllowLists() => PluginAllowList.Load(Environment.GetEnvironmentVariable(AllowListVariable));

    /// <inheritdoc cref="Provide"/>
    /// <returns>The parts at hand.</returns>
    public PartCatalog Parts(params IReadOnlyList<string> plugins) => Provide(plugins).GetRequiredService<PartCatalog>();

    public void Dispose()
    {
        provider?.Dispose();
        cache?.Dispose();
    }

    private void Report(PartFactory part)
    {
        string what = $"the {ExtensionPoint.From(part.Point).Noun} '{part.Metadata.Name}' of {part.Origin!.Path}";
        string after = FormattableString.Invariant($"{Patience.TotalSeconds} s");
        Console.Error.WriteLine($"ctc: {what} is not created after {after}; expected its plugin to return. The command waits.");
    }
}
