using System.Globalization;
using Ctc.Experiments.Runs;

namespace Ctc.Cli.Terminal;

/// <summary>One epoch as a line.</summary>
internal static class EpochText
{
    public static string Of(EpochMetrics epoch, bool isBest) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {epoch.Epoch,3}   train loss {epoch.TrainLoss,9:f4}   dev loss {epoch.DevLoss,8:f4}   dev token error rate {100 * epoch.DevTokenErrorRate,6:f2} %   {epoch.Seconds,5:f1} s{(isBest ? "   *" : "")}");
}
