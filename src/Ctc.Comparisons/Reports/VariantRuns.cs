using System.Text.Json.Nodes;
using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Reports;

/// <summary>The runs that differ only by their seeds: a variant, at one point of the grid if it has one.</summary>
/// <param name="Runs">At least one, in the order of their seeds.</param>
internal sealed record VariantRuns(IReadOnlyList<ComparedRun> Runs)
{
    /// <summary>Gets its name in tables.</summary>
    public string Label => First.Label;

    /// <summary>Gets the variant's name.</summary>
    public string Variant => First.Variant;

    /// <summary>Gets the values of the grid, in the order of their paths.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonNode?>> Grid { get; } =
        [.. Runs[0].Planned.Grid.OrderBy(value => value.Key, StringComparer.Ordinal)];

    /// <summary>Gets the runs that have a result.</summary>
    public IReadOnlyList<ComparedRun> Done { get; } = [.. Runs.Where(run => run.Status == RunState.Done)];

    private PlannedRun First => Runs[0].Planned;

    /// <summary>Puts the runs of a sweep together, in the order of the sweep.</summary>
    /// <exception cref="RunFolderException">A seed is there twice.</exception>
    public static IReadOnlyList<VariantRuns> FromRuns(IEnumerable<ComparedRun> runs)
    {
        VariantRuns[] variants =
        [
            .. runs.GroupBy(run => Key(run.Planned)).Select(same => new VariantRuns([.. same.OrderBy(run => run.Planned.Seed)])),
        ];
        foreach (VariantRuns variant in variants)
        {
            var twice = variant.Runs.CountBy(run => run.Planned.Seed).MaxBy(count => count.Value);
            if (twice.Value < 2) continue;
            throw new RunFolderException(
                $"{SweepRecord.FileName}: {variant.Label} has seed {twice.Key} {twice.Value} times; expected each seed once.");
        }

        return variants;
    }

    /// <summary>Whether this is the baseline of another: each grid value that is set here has the same value there.</summary>
    public bool Fits(VariantRuns other) =>
        Grid.All(value => other.Grid.Any(there => there.Key == value.Key && JsonNode.DeepEquals(there.Value, value.Value)));

    private static string Key(PlannedRun run)
    {
        IEnumerable<string> grid =
            run.Grid.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => $"{value.Key}={value.Value?.ToJsonString()}");
        return string.Join('\n', [run.Variant, .. grid]);
    }
}
