using Ctc.Experiments.Training;

namespace Ctc.Cli.Terminal;

/// <summary>One epoch as a line: the objective, the dev set's loss, metric and share of blanks, a star for the best so far, and a concern.</summary>
internal static class EpochText
{
    private const int Unlimited = int.MaxValue;

    /// <summary>Formats an epoch.</summary>
    /// <param name="epoch">The numbers.</param>
    /// <param name="isBest">Whether it is the best epoch so far.</param>
    /// <param name="width">The columns of the terminal: where the line does not fit, numbers are left out, the least important first.</param>
    public static string Format(EpochMetrics epoch, bool isBest, int width = Unlimited)
    {
        (string Text, int Rank)[] fields =
        [
            ($"epoch {epoch.Epoch,3}", 0),
            (Text($"train {epoch.TrainLoss,8:f4}"), 2),
            (Text($"dev {epoch.DevLoss,8:f4}"), 1),
            ($"{(epoch.DevMetrics is null ? "errors" : epoch.Criterion.Name)} {epoch.Criterion.Text,8}", 0),
            (double.IsNaN(epoch.BlankShare) ? "" : Text($"blank {100 * epoch.BlankShare,3:f0} %"), 4),
            (Text($"{epoch.Seconds,4:f1} s"), 3),
            (isBest ? "*" : "", 0),
            (epoch.FramesConcern is { } concern ? $"({concern})" : "", 5),
        ];
        IEnumerable<string> lines = Enumerable.Range(0, 6).Reverse().Select(
            rank => string.Join("  ", fields.Where(field => field.Rank <= rank && field.Text.Length > 0).Select(field => field.Text)));
        return lines.FirstOrDefault(line => line.Length <= width) ?? lines.Last();
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
