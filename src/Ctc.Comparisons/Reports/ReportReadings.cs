using Ctc.Comparisons.Reports.Pages;
using Ctc.Experiments.Readings;
using Ctc.Experiments.Texts;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Reports;

/// <summary>What was read wrongly under each variant: kinds of edits, confusions, errors by group, the worst lines.</summary>
internal static class ReportReadings
{
    private const int MostVariants = ReportPictures.MostCurves, MostConfusions = 12, MostGroups = 20, MostLines = 5, MostImageBytes = 400_000;

    /// <summary>The sections; none without a result. Variants whose runs read another test set are left out.</summary>
    public static IEnumerable<Block> Blocks(SweepResults sweep)
    {
        if (sweep.AnyTest is not { } test) yield break;
        VariantRuns[] variants =
        [
            .. sweep.Variants
                .Where(variant => variant.Done.Count > 0 && variant.Done.All(run => run.Test!.Digest == test.Digest))
                .OrderByDescending(variant => variant.Variant == sweep.Baseline)
                .Take(MostVariants),
        ];
        if (Confusions(variants) is { Rows.Count: > 0 } confusions)
        {
            yield return new Heading("What was read as what");
            yield return Kinds(variants);
            yield return confusions;
        }

        if (test.HasGroups)
        {
            yield return new Heading("Errors by group");
            yield return Groups(variants);
        }

        if (WorstLines(test, variants) is { Length: > 0 } worst)
        {
            yield return new Heading("The lines with the most errors");
            yield return new Paragraph(
                "By their errors under all variants together. What is there is above what the run of the first seed read; differences are " +
                "marked. An image is what the network reads.");
            foreach (Block line in worst) yield return line;
        }
    }

    private static Table Kinds(VariantRuns[] variants)
    {
        string Mean(VariantRuns variant, Func<ErrorRates, double> rate) =>
            ReportTables.Figures(100 * variant.Done.Average(run => rate(run.Test!.TokenErrors)), "f2");
        return new Table(
            "Kinds of errors",
            "Tokens that were read as another one, that were not read, and that were read and are not there: the mean over seeds, in per cent of " +
                "the tokens of the references.",
            [("variant", false), ("substituted, %", true), ("deleted, %", true), ("inserted, %", true)],
            [.. variants.Select(variant => (IReadOnlyList<string>)
            [
                variant.Label,
                Mean(variant, errors => errors.SubstitutionRate),
                Mean(variant, errors => errors.DeletionRate),
                Mean(variant, errors => errors.InsertionRate),
            ])]);
    }

    // The mean number of times for each run.
    private static Table Confusions(VariantRuns[] variants)
    {
        var means = new Dictionary<(string, string), double[]>();
        foreach ((int at, VariantRuns variant) in variants.Index())
        {
            foreach (Confusion confusion in variant.Done.SelectMany(run => run.Test!.Confusions))
            {
                (string, string) key = (confusion.Reference, confusion.Hypothesis);
                if (!means.TryGetValue(key, out double[]? counts)) means.Add(key, counts = new double[variants.Length]);
                counts[at] += (double)confusion.Count / variant.Done.Count;
            }
        }

        var shown = means.OrderByDescending(pair => pair.Value.Sum())
            .ThenBy(pair => pair.Key.Item1, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Item2, StringComparer.Ordinal)
            .Take(MostConfusions);
        return new Table(
            "What was read as what",
            (means.Count > MostConfusions
                ? $"How often, the mean over seeds: the {MostConfusions} most frequent of {means.Count} pairs. "
                : "How often, the mean over seeds. ") + $"{VisibleSymbol.Space} is a space.",
            [("there → read", false), .. variants.Select(variant => (variant.Label, true))],
            [.. shown.Select(pair => (IReadOnlyList<string>)
            [
                $"{Shown(pair.Key.Item1)} → {Shown(pair.Key.Item2)}", .. pair.Value.Select(count => ReportTables.Figures(count, "f1")),
            ])]);
    }

    private static Table Groups(VariantRuns[] variants)
    {
        Dictionary<string, double[]> rates = variants
            .SelectMany(variant => variant.Done.SelectMany(run => run.Test!.GroupErrors.Select(group => (group.Key, variant, group.Value.Rate))))
            .GroupBy(group => group.Key)
            .ToDictionary(
                group => group.Key,
                group => variants.Select(variant => group.Where(of => of.variant == variant).Select(of => of.Rate).Average()).ToArray());
        var worst = rates.OrderByDescending(group => group.Value[0]).ThenBy(group => group.Key, StringComparer.Ordinal).Take(MostGroups);
        string caption = "The token error rate in each group, the mean over seeds, in per cent";
        return new Table(
            "Errors by group",
            rates.Count > MostGroups ? $"{caption}: the {MostGroups} worst of {rates.Count} under {variants[0].Label}." : $"{caption}.",
            [("group", false), .. variants.Select(variant => (variant.Label, true))],
            [.. worst.Select(group => (IReadOnlyList<string>)[group.Key, .. group.Value.Select(rate => ReportTables.Figures(100 * rate, "f2"))])]);
    }

    private static Block[] WorstLines(TestResult test, VariantRuns[] variants)
    {
        double Errors(int line) => variants.Average(variant => variant.Done.Average(run => run.Test!.Utterances[line].Result.Errors));
        int bytes = 0;
        return
        [
            .. Enumerable.Range(0, test.Utterances.Count)
                .Select(line => (Line: line, Errors: Errors(line)))
                .Where(line => line.Errors > 0)
                .OrderByDescending(line => line.Errors)
                .Take(MostLines)
                .Select(line => new ReadLine(test.Utterances[line.Line].Result.Id, [.. variants.Select(variant => Reading(variant, line.Line))])
                {
                    Strips = Image(variants, line.Line, ref bytes),
                    IsRightToLeft = WritingDirection.IsRightToLeft(test.Utterances[line.Line].Result.ReferenceText),
                }),
        ];
    }

    private static (string, IReadOnlyList<ReadPair>) Reading(VariantRuns variant, int line)
    {
        UtteranceResult read = variant.Done[0].Test!.Utterances[line].Result;
        return ($"{variant.Label}: {ReportText.Number(read.Errors, "error")}", read.AlignAsRead());
    }

    // Of the first run that has it among its worst lines, while there is room.
    private static IReadOnlyList<(byte[] Png, int Width, int Height)> Image(VariantRuns[] variants, int line, ref int bytes)
    {
        string? file = variants.SelectMany(variant => variant.Done)
            .Select(run => Experiments.Runs.WorstLines.Find(run.Folder, line))
            .FirstOrDefault(file => file is not null);
        if (file is null || new FileInfo(file).Length > MostImageBytes - bytes) return [];
        IReadOnlyList<(byte[] Png, int Width, int Height)> strips = LineStrips.Cut(File.ReadAllBytes(file));
        bytes += strips.Sum(strip => strip.Png.Length);
        return strips;
    }

    private static string Shown(string symbol) => symbol.Length == 0 ? "(nothing)" : VisibleSymbol.From(symbol);
}
