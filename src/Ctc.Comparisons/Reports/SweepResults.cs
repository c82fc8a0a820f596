using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Files;

namespace Ctc.Comparisons.Reports;

/// <summary>Everything that a sweep has found so far.</summary>
/// <param name="Name">The name of the experiment.</param>
/// <param name="Baseline">The variant that the others are compared with.</param>
/// <param name="Variants">In the order of the sweep.</param>
internal sealed record SweepResults(string Name, string Baseline, IReadOnlyList<VariantRuns> Variants)
{
    /// <summary>Gets all runs.</summary>
    public IEnumerable<ComparedRun> Runs => Variants.SelectMany(variant => variant.Runs);

    /// <summary>Gets a test result that describes the test set: of the baseline if it has one, else of the first run that has one.</summary>
    public TestResult? AnyTest =>
        Variants.OrderByDescending(variant => variant.Variant == Baseline).SelectMany(variant => variant.Done).FirstOrDefault()?.Test;

    /// <summary>Reads a sweep's folder.</summary>
    /// <exception cref="RunFolderException">It is no such folder, or a file in it is damaged.</exception>
    public static SweepResults Load(string folder)
    {
        SweepRecord record = SweepRecord.Load(folder);
        string file = Path.Combine(folder, SweepRecord.FileName);
        if (record.Runs.Any(run => run is null)) throw new RunFolderException($"{file}: a run is null; expected the record of a sweep.");
        if (record.Runs.All(run => run.Variant != record.Baseline))
        {
            throw new RunFolderException($"{file}: no run is of the baseline, {record.Baseline}; expected at least one.");
        }

        return new SweepResults(record.Name, record.Baseline, VariantRuns.FromRuns(record.Runs.Select(run => ComparedRun.Load(run, folder))));
    }

    /// <summary>Finds the baseline of a variant; null for the baseline itself, and if several or no points of the baseline's grid fit.</summary>
    public VariantRuns? BaselineOf(VariantRuns variant)
    {
        if (variant.Variant == Baseline) return null;
        VariantRuns[] fitting = [.. Variants.Where(other => other.Variant == Baseline && other.Fits(variant))];
        return fitting.Length == 1 ? fitting[0] : null;
    }
}
