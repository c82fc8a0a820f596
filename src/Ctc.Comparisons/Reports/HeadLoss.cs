namespace Ctc.Comparisons.Reports;

/// <summary>The training losses of a variant with heads, in the last epoch: means over its finished runs.</summary>
/// <param name="Variant">The runs of the variant.</param>
/// <param name="Whole">The training loss, in which the losses of the heads have their weights.</param>
/// <param name="Heads">The loss of each head by its name, without its weight.</param>
internal sealed record HeadLoss(VariantRuns Variant, double Whole, IReadOnlyDictionary<string, double> Heads)
{
    /// <summary>The names of the heads of some variants, each once.</summary>
    public static IReadOnlyList<string> NamesIn(IEnumerable<VariantRuns> variants) =>
    [
        .. variants.SelectMany(variant => variant.Done)
            .SelectMany(run => run.Epochs.Take(1))
            .SelectMany(epoch => epoch.HeadLosses?.Keys.AsEnumerable() ?? [])
            .Distinct(),
    ];

    /// <summary>Measures each variant of a sweep that has heads.</summary>
    public static IReadOnlyList<HeadLoss> Measure(SweepResults sweep) =>
    [
        .. from variant in sweep.Variants
           let names = NamesIn([variant])
           where names.Count > 0
           let last = variant.Done.Where(run => run.Epochs.Count > 0).Select(run => run.Epochs[^1]).ToArray()
           select new HeadLoss(
               variant,
               last.Average(epoch => epoch.TrainLoss),
               names.ToDictionary(name => name, name => last.Average(epoch => epoch.HeadLosses?.GetValueOrDefault(name, double.NaN) ?? double.NaN))),
    ];
}
