using System.Text.Json.Nodes;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;
using Ctc.Hosting;

namespace Ctc.Comparisons.Sweeps;

/// <summary>All runs of a sweep, each checked and with its identity.</summary>
public sealed class SweepPlan
{
    /// <summary>Under a sweep's folder: the folders of its runs, named by their identities.</summary>
    internal const string RunsFolder = "runs";

    private SweepPlan(SweepRecord record, string baseFolder, IReadOnlyDictionary<string, Experiment> experiments, IReadOnlyList<string> notes)
    {
        Record = record;
        BaseFolder = baseFolder;
        Experiments = experiments;
        Notes = notes;
    }

    /// <summary>Gets the record for the sweep's folder.</summary>
    public SweepRecord Record { get; }

    /// <summary>Gets the folder of the experiment's file.</summary>
    public string BaseFolder { get; }

    /// <summary>Gets the experiments by identity: fewer than runs if two variants are the same.</summary>
    public IReadOnlyDictionary<string, Experiment> Experiments { get; }

    /// <summary>Gets messages about the plan for the user.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Binds the experiment of every run: finds its parts and checks every key and value.</summary>
    /// <param name="file">The sweep file.</param>
    /// <param name="catalog">The available parts.</param>
    /// <param name="baseFolder">The folder of the file.</param>
    /// <returns>A plan.</returns>
    /// <exception cref="ConfigurationException">
    /// Something in a variant is unknown, missing or out of range, or two rows of a table would have one label.
    /// </exception>
    public static SweepPlan Create(SweepFile file, PartCatalog catalog, string baseFolder)
    {
        ArgumentNullException.ThrowIfNull(file);
        var experiments = new Dictionary<string, Experiment>();
        var runs = new List<PlannedRun>();
        var notes = new List<string>(file.Notes);
        foreach (SweepPoint point in file.Points)
        {
            Experiment experiment = Devices.Resolve(point.File.Bind(catalog));
            string identity = RunIdentity.Compute(experiment, Numerics.Version);
            var run = new PlannedRun(
                point.Variant, point.TypedGrid(experiment), point.Seed, identity, Path.Combine(RunsFolder, identity[..12]));
            RefuseSameLabel(run, point, runs);
            if (!experiments.TryAdd(identity, experiment))
            {
                notes.Add($"{run.Label}, seed {run.Seed}, is the same run as {runs.First(other => other.Identity == identity).Label}; it runs once.");
            }

            runs.Add(run);
        }

        return new SweepPlan(new SweepRecord(experiments.First().Value.Name, file.Baseline, runs), Path.GetFullPath(baseFolder), experiments, notes);
    }

    /// <summary>The runs in a sweep's folder that are no longer part of this plan, and why.</summary>
    /// <param name="folder">The sweep's folder, existing or not.</param>
    /// <returns>A sentence for each reason.</returns>
    public IReadOnlyList<string> Stale(string folder)
    {
        if (!File.Exists(Path.Combine(folder, SweepRecord.FileName))) return [];
        IEnumerable<PlannedRun> gone =
            SweepRecord.Load(folder).Runs.Where(run => !Experiments.ContainsKey(run.Identity) && Directory.Exists(Path.Combine(folder, run.Folder)));
        return
        [
            .. gone.GroupBy(run => Why(run, Path.Combine(folder, run.Folder)))
                .Select(same => $"Stale and left alone, since {same.Key}: {string.Join("; ", same.GroupBy(run => run.Label).Select(Seeds))}."),
        ];
    }

    private static void RefuseSameLabel(PlannedRun run, SweepPoint point, List<PlannedRun> before)
    {
        if (!before.Exists(other => other.Seed == run.Seed && other.Label == run.Label)) return;
        throw new ConfigurationException(
            point.Written.Last().Value.Location,
            $"two points of the grid are '{YamlScalar.Shown(run.Label)}', as 1 and 1.0 are one number; expected each value once");
    }

    private static string Seeds(IGrouping<string, PlannedRun> same) => $"{same.Key}, seed {string.Join(", ", same.Select(run => run.Seed))}";

    private string Why(PlannedRun old, string folder)
    {
        PlannedRun? now = Record.Runs.FirstOrDefault(run => run.Label == old.Label && run.Seed == old.Seed);
        if (now is null) return "the sweep has no such run any more";
        RunRecord then;
        try
        {
            then = RunFolder.LoadRecord(folder);
        }
        catch (RunFolderException)
        {
            return "it had not started";
        }

        Experiment experiment = Experiments[now.Identity];
        string[] changed =
        [
            .. ConfigurationLeaves.Changed(then.Experiment, experiment.ToJson()).Where(leaf => leaf.Path != "name")
                .Select(leaf => $"{leaf.Path} {leaf.Before ?? "nothing"} → {leaf.After ?? "nothing"}"),
        ];
        return changed.Length > 0 ? $"the configuration changed ({string.Join(", ", changed)})"
            : then.Plugins.Select(plugin => plugin.Digest).ToHashSet().SetEquals(RunRecord.PluginsOf(experiment).Select(plugin => plugin.Digest))
                ? "the data or the engine's numerics changed"
                : "a plugin changed";
    }
}
