using System.Globalization;

namespace Ctc.Experiments.Training;

/// <summary>The output frames of a network for each token of the training targets, compared with what CTC learns from in few epochs.</summary>
/// <remarks>
/// The range is that of the trials in docs/data.md. Many frames for each token delay the end of the phase in which a model emits only blanks.
/// </remarks>
internal static class FramesPerToken
{
    private const double Fewest = 2, Most = 10, Aim = 3.5;

    private const double Unlearned = 0.5; // a token error rate

    /// <summary>Measures a training set.</summary>
    /// <returns>The ratio over all targets with tokens; NaN if there are none, or if several tokens can share a frame.</returns>
    public static double Measure(Setup setup)
    {
        if (setup.Objective.IsTransducer) return double.NaN;
        Utterance[] written = [.. setup.Data.Train.Where(utterance => utterance.Target.Length > 0)];
        long tokens = written.Sum(utterance => (long)utterance.Target.Length);
        return (double)written.Sum(utterance => setup.Network.OutputFrames(utterance.Frames)) / tokens;
    }

    /// <summary>Describes a ratio that is out of the range, before training.</summary>
    /// <returns>A sentence for the user; null if the ratio is in the range, or NaN.</returns>
    public static string? FindConcern(double ratio)
    {
        string found = string.Create(CultureInfo.InvariantCulture, $"Note: {ratio:f1} output frames for each token of the training targets; ");
        return ratio switch
        {
            < Fewest => found + "fewer than 2 leave no frames for blanks. A smaller model.stride, or a larger data.height of images, gives more.",
            > Most => found + string.Create(
                CultureInfo.InvariantCulture,
                $"more than {Most} can keep a model at blanks for many epochs. A model.stride (bilstm, conv, crnn, tdnn) that joins " +
                $"{Math.Round(ratio / Aim)} times as many helps; docs/data.md has a recipe."),
            _ => null,
        };
    }

    /// <summary>Describes a ratio that is out of the range, after an epoch.</summary>
    /// <returns>A few words for the line of the epoch; null if the ratio is in the range, or if the model reads the dev set all the same.</returns>
    public static string? FindConcern(EpochMetrics epoch) => epoch.FramesPerToken is < Fewest or > Most && epoch.DevTokenErrorRate >= Unlearned
        ? string.Create(CultureInfo.InvariantCulture, $"{epoch.FramesPerToken:f1} frames a token, {Fewest} to {Most} learn")
        : null;
}
