using System.Globalization;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Calibrations;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Commands.Align;

/// <summary>How calibrated confidences are, as text.</summary>
internal static class CalibrationText
{
    private const int Columns = 100;

    /// <summary>Writes the cross-fits of tokens and words.</summary>
    /// <param name="to">The output.</param>
    /// <param name="fit">The fit.</param>
    /// <param name="file">The file of the calibration.</param>
    public static void Write(TextWriter to, CalibrationFit fit, string file)
    {
        Calibration calibration = fit.Calibration;
        CalibrationSetting setting = calibration.Setting;
        to.WriteLine($"{Printable.Line(file)}: fitted to {setting.Utterances} utterances of {Printable.Line(setting.Data)}; right is what has both "
            + $"edges within {setting.ToleranceText}.");
        WriteParts(to, "tokens", setting.TokenCount, calibration.Tokens, fit.Tokens);
        if (fit.Words is { } words) WriteParts(to, "words", setting.WordCount, calibration.Words!, words);
    }

    private static void WriteParts(TextWriter to, string parts, int count, ConfidenceMap map, CrossFit fit)
    {
        double right = fit.Before.Bins.Sum(bin => bin.Count * bin.Share) / count;
        IEnumerable<string> discriminations = fit.Discriminations.Select(one => $"{Name(one.Key)} {Number(one.Value)}");
        to.WriteLine();
        to.WriteLine(
            $"{count} {parts}, {Number(100 * right, "f1")} % right. Of a right and a wrong one the right one has the larger value in the share of "
            + $"pairs: {string.Join(", ", discriminations)}. Mapped: {Name(map.Measure)}.");
        string after = fit.After is { } calibrated
            ? $"{Number(calibrated.ExpectedCalibrationError)} calibrated, on utterances to which it was not fitted."
            : "not known for the calibrated confidence: one utterance is too few to fit and to measure.";
        to.WriteLine($"Expected calibration error: {Number(fit.Before.ExpectedCalibrationError)} of the {Name(map.Measure)}, {after}");
        TextTable.Write(
            to, Columns, ["confidence", parts, "mean", "right", $"{parts}, calibrated", "mean", "right"],
            [.. fit.Before.Bins.Select((bin, i) => (IReadOnlyList<string>)
                [Limits(i, fit.Before.Bins.Count), .. Cells(bin), .. Cells(fit.After?.Bins[i])])]);
    }

    private static string[] Cells(ReliabilityBin? bin) =>
        bin is { Count: > 0 } ? [$"{bin.Count}", Number(bin.Confidence), Number(bin.Share)] : [bin is null ? "" : "0", "", ""];

    private static string Limits(int bin, int bins) => $"{Number((double)bin / bins, "f1")} to {Number((bin + 1.0) / bins, "f1")}";

    private static string Name(ConfidenceMeasure measure) => measure.ToString().ToLowerInvariant();

    private static string Number(double value, string format = "f3") => value.ToString(format, CultureInfo.InvariantCulture);
}
