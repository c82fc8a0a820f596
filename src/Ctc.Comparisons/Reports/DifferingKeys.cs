using Ctc.Configuration.Identity;
using Ctc.Configuration.Schema;

namespace Ctc.Comparisons.Reports;

/// <summary>The keys of the configuration in which the variants of a sweep differ.</summary>
/// <param name="Variants">Those of which at least one run was begun.</param>
/// <param name="Rows">By path; for each variant its value, null if it lacks the key.</param>
internal sealed record DifferingKeys(IReadOnlyList<VariantRuns> Variants, IReadOnlyList<(string Path, IReadOnlyList<string?> Values)> Rows)
{
    private static readonly string[] Ignored = ["name", "seed", "plugins"];

    public static DifferingKeys FromResults(SweepResults sweep)
    {
        (VariantRuns Variant, IReadOnlyDictionary<string, string> Values)[] begun =
        [
            .. sweep.Variants
                .Select(
                    variant => (variant, Experiment: variant.Runs.Select(run => run.Experiment).FirstOrDefault(experiment => experiment is not null)))
                .Where(pair => pair.Experiment is not null)
                .Select(pair => (pair.variant, ConfigurationLeaves.From(pair.Experiment!))),
        ];
        IEnumerable<string> paths =
            begun.SelectMany(pair => pair.Values.Keys).Distinct().Where(path => !Ignored.Contains(path)).Order(StringComparer.Ordinal);
        return new DifferingKeys(
            [.. begun.Select(pair => pair.Variant)],
            [.. paths
                .Select(path => (Path: path, Values: (IReadOnlyList<string?>)[.. begun.Select(pair => pair.Values.GetValueOrDefault(path))]))
                .Where(row => row.Values.Distinct().Count() > 1)]);
    }
}
