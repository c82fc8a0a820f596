using Ctc.Cli.Processes;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Experiments.Decoding;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Decode;

/// <summary>
/// The plugins with which a run is read: those that are found as always and those that <c>plugins=</c> names. The paths in the run's record come
/// from its author: they are loaded only if the user or an allow-list admits them.
/// </summary>
/// <param name="run">The folder of the run.</param>
/// <param name="overrides">Arguments <c>plugins=[PATH]</c>; relative paths start in the folder of the command.</param>
/// <param name="trust">Whether the user admits the plugins at the recorded paths.</param>
internal sealed class DecodePlugins(string run, IReadOnlyList<string> overrides, bool trust)
{
    private const string Key = "plugins=";

    /// <summary>Whether an argument names plugins, and no file to read.</summary>
    public static bool IsOverride(string argument) => argument.StartsWith(Key, StringComparison.Ordinal);

    /// <summary>The plugins that arguments <c>plugins=[PATH]</c> name; relative paths start in the folder of the command.</summary>
    public static IReadOnlyList<string> Named(IReadOnlyList<string> overrides) =>
        ExperimentFile.Parse("{}", "the command line", StartFolder.Current).With(overrides).Plugins;

    /// <summary>The plugins at the paths in a run's record, if they are admitted.</summary>
    /// <param name="record">The record of the run.</param>
    /// <param name="trust">Whether the user admits them.</param>
    public static IReadOnlyList<string> Recorded(RunRecord record, bool trust) =>
        IsAdmitted(trust) ? [.. record.Plugins.Select(plugin => plugin.Path).Where(File.Exists)] : [];

    private static bool IsAdmitted(bool trust) => trust || CommandServices.AllowLists().Count > 0;

    /// <summary>Loads the model of the run.</summary>
    /// <param name="services">Provides the parts.</param>
    /// <param name="anyBuild">Whether the plugins may differ from those that trained the run.</param>
    /// <param name="decoding">A file with other parts that decode; null for those of the run.</param>
    /// <param name="with">What is loaded beside the parts that decode.</param>
    public TrainedModel Load(CommandServices services, bool anyBuild, string? decoding = null, ReadingParts with = ReadingParts.None)
    {
        RunRecord record = RunFolder.LoadRecord(run);
        PartCatalog parts = services.Parts([.. Named(overrides), .. Recorded(record, trust)]);
        try
        {
            DecodingChoice? choice = decoding is null ? null : DecodingFile.Load(decoding, parts);
            return TrainedModel.Load(
                StartFolder.Resolve(run), parts, note => Console.Error.WriteLine($"ctc: {note}"), anyBuild, choice, with);
        }
        catch (ConfigurationException failure) when (failure.InnerException is PluginException && record.Plugins.Count > 0)
        {
            string used = string.Join(", ", record.Plugins.Select(plugin => $"{plugin.Name} (SHA-256 {plugin.Digest})"));
            string paths = IsAdmitted(trust) ? "" : "; --trust loads those at the paths that the run names, which is code chosen by its author";
            throw new RunFolderException(
                $"{failure.Message}. The run was trained with {used}; expected that among the plugins found: plugins=[PATH] names a plugin{paths}.");
        }
    }
}
