using Ctc.Configuration.Schema;
using Ctc.Experiments.Files;
using Ctc.Hosting;

namespace Ctc.Experiments.Runs;

/// <summary>The plugins that trained a run, compared with those that are found now: by name, and by the digest of their files.</summary>
internal static class RecordedPlugins
{
    /// <summary>Compares them. The path of a plugin does not count.</summary>
    /// <param name="record">The record of the run.</param>
    /// <param name="experiment">The run's experiment, bound to the parts at hand.</param>
    /// <param name="parts">The parts at hand.</param>
    /// <param name="note">Receives a warning for each plugin that differs and may differ.</param>
    /// <param name="anyBuild">Whether the plugins of the parts that read may differ.</param>
    /// <exception cref="RunFolderException">
    /// The plugin of a part that reads (data source, encoder, topology, decoder) differs, and may not.
    /// </exception>
    public static void Compare(RunRecord record, Experiment experiment, PartCatalog parts, Action<string> note, bool anyBuild)
    {
        PluginFile[] used = [.. experiment.Parts.Select(part => part.Factory.Origin).OfType<PluginFile>().Distinct()];
        foreach (PluginFile plugin in used)
        {
            if (Difference(plugin, record.Plugins) is not { } difference) continue;
            if (!anyBuild) throw new RunFolderException($"{difference} The model may read nonsense with it; --any-build uses it all the same.");
            note(difference);
        }

        PluginFile[] found = [.. parts.All.Select(part => part.Origin).OfType<PluginFile>().Distinct().Except(used)];
        foreach (PluginFile recorded in record.Plugins.Where(recorded => used.All(plugin => plugin.Name != recorded.Name)))
        {
            PluginFile[] named = [.. found.Where(plugin => plugin.Name == recorded.Name)];
            if (named.Length == 0 || named.Any(plugin => plugin.Digest == recorded.Digest)) continue;
            note($"{Difference(named[0], [recorded])} Decoding does not use it.");
        }
    }

    private static string? Difference(PluginFile plugin, IReadOnlyList<PluginFile> recorded)
    {
        if (recorded.Any(other => other.Digest == plugin.Digest)) return null;
        string expected = recorded.FirstOrDefault(other => other.Name == plugin.Name) is { } same
            ? $"{same.Digest}, with which the run was trained"
            : "a plugin with which the run was trained";
        return $"The plugin {plugin.Name}, {plugin.Path}, has SHA-256 {plugin.Digest}; expected {expected}.";
    }
}
