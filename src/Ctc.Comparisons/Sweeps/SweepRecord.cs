using System.Text.Json;
using System.Text.Json.Nodes;
using Ctc.Experiments.Files;

namespace Ctc.Comparisons.Sweeps;

/// <summary>The record of a sweep: <c>sweep.json</c> in its folder. With the runs' folders it is the only input of a report.</summary>
/// <param name="Name">The name of the experiment.</param>
/// <param name="Baseline">The variant that the others are compared with.</param>
/// <param name="Runs">Every run, those that are not done yet included, in the order of the file: by variant, grid point, seed.</param>
public sealed record SweepRecord(string Name, string Baseline, IReadOnlyList<PlannedRun> Runs)
{
    /// <summary>The record's file in a sweep's folder.</summary>
    internal const string FileName = "sweep.json";

    /// <summary>Reads the record of a sweep.</summary>
    /// <param name="folder">A sweep's folder.</param>
    /// <returns>The plan that was recorded there.</returns>
    /// <exception cref="RunFolderException">There is no such record, or it is damaged.</exception>
    public static SweepRecord Load(string folder)
    {
        string file = Path.Combine(folder, FileName);
        if (!File.Exists(file)) throw new RunFolderException($"{folder}: there is no {FileName}; expected the folder of a sweep.");
        return RunJson.Load<SweepRecord>(file, "the record of a sweep");
    }

    /// <summary>Writes the record, whole or not at all.</summary>
    /// <param name="folder">An existing folder.</param>
    public void Write(string folder) => WholeFile.Write(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, RunJson.Page));
}

/// <summary>One run of a sweep.</summary>
/// <param name="Variant">The variant's name in the file.</param>
/// <param name="Grid">The values that the grid sets, by their paths; empty for a variant without grid.</param>
/// <param name="Seed">The seed; runs of one seed are compared with each other.</param>
/// <param name="Identity">The identity of the run, 64 hexadecimal digits. Two entries share one if two variants are the same.</param>
/// <param name="Folder">The run's folder, relative to the sweep's.</param>
public sealed record PlannedRun(string Variant, IReadOnlyDictionary<string, JsonNode?> Grid, long Seed, string Identity, string Folder)
{
    /// <summary>
    /// Gets the name, in tables, of the runs that differ only by their seeds: the variant, and the values of its grid point, each after the end of
    /// its path that no other path of the point has.
    /// </summary>
    public string Label => string.Join(' ', [Variant, .. Grid.Select(value => $"{ShortName(value.Key)}={value.Value?.ToJsonString() ?? "null"}")]);

    private string ShortName(string path)
    {
        string[] keys = path.Split('.');
        return Enumerable.Range(1, keys.Length)
            .Select(count => string.Join('.', keys[^count..]))
            .First(end => end == path || Grid.Keys.Count(other => other == end || other.EndsWith('.' + end, StringComparison.Ordinal)) == 1);
    }
}
