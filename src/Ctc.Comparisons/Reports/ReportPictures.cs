using System.Buffers.Binary;
using System.Globalization;
using Ctc.Comparisons.Reports.Charts;
using Ctc.Comparisons.Reports.Pages;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Reports;

/// <summary>The pictures of a report.</summary>
internal sealed class ReportPictures(SweepResults sweep)
{
    /// <summary>The most variants that share a chart; more are not distinguishable.</summary>
    public const int MostCurves = 8;

    /// <summary>The most variants in a chart with a row for each, and in a table with a column for each.</summary>
    public const int MostRows = 40;

    private const int MostPlaces = 12;
    private const int MostAlignmentBytes = 1_500_000;

    private static readonly (string Name, string Unit, Func<EpochMetrics, double> Value)[] Peaks =
    [
        ("Blank share: frames in which the blank is the most probable", "%", epoch => 100 * epoch.BlankShare),
        ("Entropy of the occupancy", "nats per frame", epoch => epoch.AlignmentEntropy),
        ("Entropy of the posterior", "nats per frame", epoch => epoch.PosteriorEntropy),
        ("Symbol delay", "frames", epoch => epoch.SymbolDelay),
    ];

    private readonly Dictionary<VariantRuns, Series> series = Number(sweep);

    // The baseline, and as many others as the limit allows.
    private IEnumerable<VariantRuns> Drawn => sweep.Variants
        .Where(variant => variant.Done.Count > 0)
        .OrderByDescending(variant => variant.Variant == sweep.Baseline)
        .Take(MostCurves);

    /// <summary>The differences by one metric; null if there is none.</summary>
    /// <param name="comparison">The comparison by the metric.</param>
    /// <param name="isWide">Whether a wide page has a version of its width, as of the first metric.</param>
    public Picture? Forest(Comparison comparison, bool isWide)
    {
        Scale scale = comparison.Metric.Scale;
        Statistics.Interval? In(Statistics.Interval? interval) =>
            interval is { } known ? new(scale.Factor * known.Low, scale.Factor * known.High) : null;
        ForestRow Row(VariantRuns variant, BaselineDifference difference)
        {
            Statistics.SampleMean sample = difference.Paired.Sample;
            return new ForestRow(series[variant], scale.Factor * sample.Mean, In(sample.Interval), In(difference.OnTestSet));
        }

        VariantResult[] compared = [.. comparison.Rows.Where(row => row.Difference is not null)];
        ForestRow[] rows = [.. compared.Take(MostRows).Select(row => Row(row.Variant, row.Difference!))];
        string shown = compared.Length > MostRows ? $" Shown are the first {MostRows} of {compared.Length} variants." : "";
        return rows.Length == 0 ? null : Chart(
            $"Differences of the {comparison.Metric.Name} to {sweep.Baseline}, as in the table above.",
            $"Difference to {sweep.Baseline}. Thick: 95 % interval over seeds. Thin: on this test set.{shown}",
            theme => ForestChart.Draw(theme, Scale.Label(comparison.Metric.Name, scale.DifferenceUnit), rows),
            isWide);
    }

    /// <summary>The metrics and losses over the epochs.</summary>
    public Gallery LearningCurves() =>
        Curves([.. DevMetrics(), TokenErrorRate, ("Loss of the dev set", "nats", epoch => epoch.DevLoss), .. HeadLosses()]);

    /// <summary>The peakiness of the models over the epochs; empty if not measured.</summary>
    public Gallery Peakiness() => Curves(Peaks);

    /// <summary>Recall over the frequency of symbols; null if that does not differ.</summary>
    public Picture? RecallByFrequency()
    {
        if (sweep.AnyTest is not { } test || Metrics.ByFrequency(test.Measurement) is not { Count: > 0 } symbols) return null;
        KeyValuePair<string, TokenRecall>[][] places =
            [.. Enumerable.Range(0, Math.Min(MostPlaces, symbols.Count)).Select(place => Place(symbols, place))];
        IReadOnlyList<double> Recall(VariantRuns variant) =>
            [.. places.Select(place => 100 * place.Average(symbol => RecallOf(symbol.Key, variant)))];
        (Series, IReadOnlyList<double>)[] lines =
        [
            .. Drawn
                .Where(variant => variant.Done.All(run => run.Test!.Digest == test.Digest))
                .Select(variant => (series[variant], Recall(variant))),
        ];
        string meaning = places.All(place => place.Length == 1) ? "symbol, and its count in the training set" : "count in the training set";
        return Chart(
            "Recall of the symbols, from the rarest in training to the most frequent.",
            "Mean over seeds. The rarest symbols of the training set are on the left, the most frequent on the right.",
            theme => RecallChart.Draw(theme, meaning, [.. places.Select(Name)], lines),
            isWide: true);
    }

    /// <summary>One utterance under each variant, if the runs drew it.</summary>
    public IEnumerable<Picture> Alignments()
    {
        if (sweep.AnyTest?.FirstId is not { } id) yield break;
        int bytes = 0;
        foreach (VariantRuns variant in sweep.Variants)
        {
            ComparedRun? run = variant.Done.FirstOrDefault(run => run.Test!.FirstId == id && File.Exists(RunFolder.AlignmentPictureIn(run.Folder)));
            if (run is null) continue;
            string description = $"The test utterance {id} under {run.Name}: the posteriors of each frame, and the best alignment.";
            if (Drawing(RunFolder.AlignmentPictureIn(run.Folder), description, run.Name, ref bytes) is { } picture) yield return picture;
        }
    }

    /// <summary>The utterances with the largest boundary errors under the first run of each variant, if the runs drew them.</summary>
    public IEnumerable<Picture> WorstBoundaries()
    {
        int bytes = 0;
        VariantRuns[] variants = [.. Drawn];
        foreach (ComparedRun run in variants.Select(variant => variant.Done[0]))
        {
            IEnumerable<UtteranceResult> results = run.Test!.Utterances.Select(utterance => utterance.Result);
            var worst = Experiments.Runs.WorstBoundaries.Order(results).Take(variants.Length == 1 ? Experiments.Runs.WorstBoundaries.Most : 1);
            foreach ((int position, double mean) in worst)
            {
                if (Experiments.Runs.WorstBoundaries.Find(run.Folder, position) is not { } file) continue;
                string id = run.Test.Utterances[position].Result.Id;
                string description = $"The alignment of {id} under {run.Name}, beside the truth.";
                string caption = string.Create(CultureInfo.InvariantCulture, $"{run.Name}, {id}: {mean:f1} ms from the true boundaries (mean)");
                if (Drawing(file, description, caption, ref bytes) is { } picture) yield return picture;
            }
        }
    }

    private static Dictionary<VariantRuns, Series> Number(SweepResults sweep)
    {
        VariantRuns[] others = [.. sweep.Variants.Where(variant => variant.Variant != sweep.Baseline)];
        return sweep.Variants.ToDictionary(
            variant => variant,
            variant => new Series(variant.Label, Math.Max(0, Array.IndexOf(others, variant)), variant.Variant == sweep.Baseline));
    }

    private static Picture Chart(string description, string caption, Func<ChartTheme, byte[]> draw, bool isWide) =>
        new(description, caption, draw(ChartTheme.Light), draw(ChartTheme.Dark), ChartTheme.Width)
        {
            Wide = isWide ? (draw(ChartTheme.Light.ForWidePage()), draw(ChartTheme.Dark.ForWidePage())) : null,
        };

    private static (string Name, string Unit, Func<EpochMetrics, double> Value) TokenErrorRate =>
        ("Token error rate of the dev set", "%", epoch => 100 * epoch.DevTokenErrorRate);

    // The metrics that the experiments name, apart from the token error rate and the loss, which every epoch has.
    private IEnumerable<(string Name, string Unit, Func<EpochMetrics, double> Value)> DevMetrics() => Drawn
        .SelectMany(variant => variant.Done)
        .SelectMany(run => run.Epochs.Take(1))
        .SelectMany(epoch => epoch.DevMetrics ?? [])
        .Where(metric => metric.Key is not (MetricValue.TokenErrorRateKey or MetricValue.LossKey))
        .DistinctBy(metric => metric.Key)
        .Select(metric => (
            $"{ReportText.Capital(metric.Value.Name)} of the dev set",
            metric.Value.Unit,
            (Func<EpochMetrics, double>)(epoch => epoch.DevMetrics?.GetValueOrDefault(metric.Key)?.Displayed ?? double.NaN)));

    // A variant without the head has no curve.
    private IEnumerable<(string Name, string Unit, Func<EpochMetrics, double> Value)> HeadLosses() => HeadLoss.NamesIn(Drawn)
        .Select(head => (
            $"Training loss of the head {head}",
            "nats",
            (Func<EpochMetrics, double>)(epoch => epoch.HeadLosses?.TryGetValue(head, out double loss) == true ? loss : double.NaN)));

    private Gallery Curves((string Name, string Unit, Func<EpochMetrics, double> Value)[] quantities)
    {
        List<(string Name, string Quantity, Curve[] Curves)> charts = [];
        foreach ((string name, string unit, Func<EpochMetrics, double> value) in quantities)
        {
            Curve[] curves =
            [
                .. Drawn
                    .Select(variant => new Curve(series[variant], Points(variant, value)))
                    .Where(curve => curve.Points.Any(point => double.IsFinite(point.Mean))),
            ];
            if (curves.Length > 0) charts.Add((name, Scale.Label(name.Split(':')[0], unit), curves));
        }

        return new Gallery([.. charts.Select(chart => Chart(
            $"{chart.Name} over the epochs, for each variant.",
            chart.Name,
            theme => CurveChart.Draw(theme, chart.Quantity, chart.Curves),
            isWide: charts.Count == 1))]);
    }

    // The epochs that all finished runs of the variant have: a mean over fewer runs would jump.
    private static (double Mean, double Low, double High)[] Points(VariantRuns variant, Func<EpochMetrics, double> value) =>
    [
        .. Enumerable.Range(0, variant.Done.Min(run => run.Epochs.Count)).Select(epoch =>
        {
            double[] values = [.. variant.Done.Select(run => value(run.Epochs[epoch])).Where(double.IsFinite)];
            return values.Length == 0 ? (double.NaN, double.NaN, double.NaN) : (values.Average(), values.Min(), values.Max());
        }),
    ];

    // The symbols of one place: neighbours in frequency, about as many as at any other place.
    private static KeyValuePair<string, TokenRecall>[] Place(IReadOnlyList<KeyValuePair<string, TokenRecall>> symbols, int place)
    {
        int places = Math.Min(MostPlaces, symbols.Count);
        int from = place * symbols.Count / places, to = (place + 1) * symbols.Count / places;
        return [.. symbols.Skip(from).Take(to - from)];
    }

    private static string Name(KeyValuePair<string, TokenRecall>[] place)
    {
        (int from, int to) = (place[0].Value.TrainCount, place[^1].Value.TrainCount);
        return place.Length == 1 ? $"{place[0].Key}\n{from}" : from == to ? $"{from}" : $"{from}–\n{to}"; // two lines: places are narrow
    }

    private static double RecallOf(string symbol, VariantRuns variant)
    {
        TokenRecall[] recalls = [.. variant.Done.Select(run => run.Test!.Measurement.PerToken.GetValueOrDefault(symbol))];
        return (double)recalls.Sum(recall => recall.Found) / recalls.Sum(recall => recall.Count);
    }

    // Null if it is no picture, or if there is no room for it.
    private static Picture? Drawing(string file, string description, string caption, ref int bytes)
    {
        byte[] png = File.ReadAllBytes(file);
        if (!IsPng(png) || (bytes += png.Length) > MostAlignmentBytes) return null;
        int width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)) / 2; // Two pixels a point.
        return new Picture(description, caption, png, null, width);
    }

    private static bool IsPng(byte[] file) => file.Length > 24 && file.AsSpan(1, 3).SequenceEqual("PNG"u8);
}
