using System.Text.Json;

namespace Ctc.Experiments.Runs;

/// <summary>One epoch: a line of <c>metrics.jsonl</c>.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="TrainLoss">The mean of the objective over the steps.</param>
/// <param name="DevLoss">The mean negative log-likelihood of the dev set, in nats, whatever the objective.</param>
/// <param name="DevTokenErrorRate">Edits per token of the dev set.</param>
/// <param name="GradientNorm">The mean over the steps, before clipping.</param>
/// <param name="Infeasible">Training utterances that had no alignment.</param>
/// <param name="Seconds">How long the epoch took, dev included.</param>
public sealed record EpochMetrics(
    int Epoch,
    double TrainLoss,
    double DevLoss,
    double DevTokenErrorRate,
    double GradientNorm,
    int Infeasible,
    double Seconds)
{
    /// <summary>Writes all epochs anew, whole or not at all.</summary>
    internal static void Write(string path, IEnumerable<EpochMetrics> epochs) =>
        WholeFile.Write(path, string.Concat(epochs.Select(epoch => JsonSerializer.Serialize(epoch, RunJson.Line) + "\n")));
}
