using System.CommandLine;
using System.CommandLine.Parsing;
using Ctc.Cli.Processes;
using Ctc.Comparisons.Sweeps;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Cli.Commands;

/// <summary>The arguments CONFIG [key=value ...], bound to an experiment or a sweep.</summary>
/// <param name="services">Provides the parts.</param>
internal sealed class ExperimentArguments(CommandServices services)
{
    private readonly Argument<string> config = new("CONFIG") { Description = "The experiment: a YAML file." };

    private readonly Argument<string[]> overrides = new("key=value")
    {
        Description = "Values that replace those of the file, such as train.epochs=3 or objective.weighting.focal.gamma=1. " +
            "Relative paths start at the folder of CONFIG.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>Gets whether the command may be called without CONFIG; by default not.</summary>
    public bool IsOptional
    {
        get;
        init => (field, config.Arity) = (value, value ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne);
    }

    /// <summary>Whether a command line has them.</summary>
    public bool AreGiven(CommandResult command) => command.GetResult(config) is { Tokens.Count: > 0 };

    public void AddTo(Command command)
    {
        command.Add(config);
        command.Add(overrides);
    }

    /// <summary>The experiment, with its parts found, and the folder of its file.</summary>
    public (Experiment Experiment, string Folder) Bind(ParseResult parsed)
    {
        ExperimentFile file = ExperimentFile.Open(parsed.GetRequiredValue(config), Overrides(parsed));
        return (WithParts(file, file.Bind), Folder(parsed));
    }

    /// <summary>The runs of the file's sweep, with their parts found, and its launcher; null for the processes of the sweep itself.</summary>
    public (SweepPlan Plan, PartChoice? Launcher) Plan(ParseResult parsed, string? launcher)
    {
        SweepFile file = SweepFile.Expand(ExperimentFile.Open(parsed.GetRequiredValue(config), []), Overrides(parsed));
        return WithParts(
            file.Experiment, catalog => (SweepPlan.Create(file, catalog, Folder(parsed)), file.BindLauncher(catalog, launcher)));
    }

    private string[] Overrides(ParseResult parsed) => parsed.GetValue(overrides) ?? [];

    private string Folder(ParseResult parsed) => Path.GetDirectoryName(StartFolder.Resolve(parsed.GetRequiredValue(config)))!;

    private T WithParts<T>(ExperimentFile file, Func<PartCatalog, T> bind)
    {
        IServiceProvider provider = services.Provide(file.Plugins);
        string[] named = [.. file.Plugins.SelectMany(PluginSearch.Candidates).Select(Path.GetFullPath)];
        ILookup<bool, Plugin> broken = provider.GetRequiredService<PluginCatalog>().Plugins
            .Where(plugin => plugin.Problem is not null)
            .ToLookup(plugin => named.Contains(Path.GetFullPath(plugin.Path)));
        foreach (Plugin plugin in broken[true]) Report(plugin);
        try
        {
            return bind(provider.GetRequiredService<PartCatalog>());
        }
        catch (ConfigurationException error) when (error.InnerException is PluginException { MissingPart: { } missing })
        {
            // The missing part may be one of a plugin that cannot be used.
            foreach (Plugin plugin in broken[false].Where(plugin => PartMention.IsPossible(plugin.Path, missing))) Report(plugin);
            throw;
        }

        static void Report(Plugin plugin) => Console.Error.WriteLine($"ctc: the plugin {plugin.Path} cannot be used: {plugin.Problem}");
    }
}
