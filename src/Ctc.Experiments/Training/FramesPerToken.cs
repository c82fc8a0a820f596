using System.Globalization;

namespace Ctc.Experiments.Training;

/// <summary>The output frames of a network for each token of the training targets, compared with what CTC learns from in few epochs.</summary>
/// <remarks>
/// The range is that of the trials in docs/data.md. Many frames for each token delay the end of the phase in which a model emits only blanks.
/// </remarks>
internal static class FramesPerToken
{
    private const double Fewest = 2, Most = 10, Aim = 3.5;

    /// <summary>Measures a training set.</summary>
    /// <returns>A sentence for the user; null if the ratio is in the range, or if no target has tokens.</returns>
    public static string? FindConcern(Setup setup)
    {
        if (setup.Objective.IsTransducer) return null; // several tokens can share a frame
        long tokens = setup.Data.Train.Sum(utterance => (long)utterance.Target.Length);
        if (tokens == 0) return null;
        IEnumerable<Utterance> written = setup.Data.Train.Where(utterance => utterance.Target.Length > 0);
        double ratio = (double)written.Sum(utterance => setup.Network.OutputFrames(utterance.Frames)) / tokens;
        string found = string.Create(CultureInfo.InvariantCulture, $"Note: {ratio:f1} output frames for each token of the training targets; ");
        if (ratio < Fewest)
        {
            return found + "fewer than 2 leave no frames for blanks. A smaller model.stride, or a larger data.height of images, gives more.";
        }

        if (ratio <= Most) return null;
        return found + string.Create(
            CultureInfo.InvariantCulture,
            $"more than {Most} can keep a model at blanks for many epochs. A model.stride (conv, bilstm) that joins " +
            $"{Math.Round(ratio / Aim)} times as many helps; docs/data.md has a recipe.");
    }
}
