using System.CommandLine;
using Ctc.Engine.Hosting;
using Ctc.Experiments;
using Ctc.Experiments.Configuration;

namespace Ctc.Cli.Commands;

/// <summary>The arguments CONFIG [key=value ...], and how they become an experiment.</summary>
internal sealed class ExperimentArguments
{
    private readonly Argument<string> config = new("CONFIG") { Description = "The experiment: a YAML file." };

    private readonly Argument<string[]> overrides = new("key=value")
    {
        Description = "Values in place of the file's, such as train.epochs=3 or objective.weighting.focal.gamma=1.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public void AddTo(Command command)
    {
        command.Add(config);
        command.Add(overrides);
    }

    /// <summary>The experiment, with its parts found, and the folder of its file.</summary>
    public (Experiment Experiment, string Folder) Bind(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(config);
        ExperimentFile file = ExperimentFile.Open(path, parsed.GetValue(overrides) ?? []);
        PluginCatalog plugins = PluginCatalog.Discover(PluginSearch.Places(file.Plugins));
        try
        {
            return (file.Bind(ExperimentServices.Catalog(plugins)), Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (ConfigurationException error) when (error.InnerException is PluginException)
        {
            // What is missing may be what a broken plugin would have brought.
            foreach (Plugin broken in plugins.Plugins.Where(plugin => plugin.Problem is not null))
            {
                Console.Error.WriteLine($"ctc: the plugin {broken.Path} cannot be used: {broken.Problem}");
            }

            throw;
        }
    }
}
