using System.Globalization;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Terminal;

/// <summary>One epoch as a line: the objective, the dev set's loss, metric and share of blanks, and a star for the best so far.</summary>
internal static class EpochText
{
    public static string Format(EpochMetrics epoch, bool isBest) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {epoch.Epoch,3}  train {epoch.TrainLoss,8:f4}  dev {epoch.DevLoss,8:f4}  " +
        $"{Metric(epoch)}{Blanks(epoch)}  {epoch.Seconds,4:f1} s{(isBest ? "  *" : "")}");

    private static string Blanks(EpochMetrics epoch) => double.IsNaN(epoch.BlankShare)
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"  blank {100 * epoch.BlankShare,3:f0} %");

    private static string Metric(EpochMetrics epoch) =>
        $"{(epoch.DevMetrics is null ? "errors" : epoch.Criterion.Name)} {epoch.Criterion.Text,8}";
}
