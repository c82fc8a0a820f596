using Ctc.Configuration.Schema;

namespace Ctc.Experiments.Training;

/// <summary>The learning rate of each step: a function of the step and, on a plateau, of the epochs before it. It has no state to save.</summary>
/// <param name="train">Learning rate, schedule and warm-up.</param>
/// <param name="stepsInEpoch">1 or more.</param>
internal sealed class LearningRate(TrainingConfiguration train, int stepsInEpoch)
{
    private readonly double warmUp = train.WarmUp is { } time ? time.Count * (time.Unit == TrainingUnit.Steps ? 1 : stepsInEpoch) : 0; // in steps

    /// <param name="progress">That of the step.</param>
    /// <param name="epochs">The epochs done.</param>
    /// <returns>learning rate · min(1, (step + 1) / warm-up) · the factor of the schedule.</returns>
    public double At(Progress progress, IReadOnlyList<EpochMetrics> epochs) =>
        train.LearningRate * (progress.Step + 1 < warmUp ? (progress.Step + 1) / warmUp : 1) * Share(progress, epochs);

    private double Share(Progress progress, IReadOnlyList<EpochMetrics> epochs) => train.Schedule switch
    {
        null => 1,
        CosineRate cosine => double.Lerp(cosine.To, 1, (1 + Math.Cos(Math.PI * Passed(progress))) / 2),
        LinearRate line => double.Lerp(1, line.To, Passed(progress)),
        StepRate steps => Math.Pow(steps.Factor, steps.At.Count(time => time.Share(progress) >= 1)),
        PlateauRate plateau => Math.Pow(plateau.Factor, Plateaus(epochs, plateau.Patience)),
        _ => throw new NotSupportedException($"There is no learning rate for the schedule {train.Schedule.GetType().Name}."),
    };

    // The share of the steps after the warm-up that precede this one: 0 in the first of them, 1 only after the last.
    private double Passed(Progress progress) =>
        progress.Step <= warmUp ? 0 : (progress.Step - warmUp) / (((double)train.Epochs * stepsInEpoch) - warmUp);

    // The number of runs of more than so many consecutive epochs without an improvement.
    private static int Plateaus(IReadOnlyList<EpochMetrics> epochs, int patience)
    {
        int plateaus = 0, worse = 0;
        EpochMetrics? best = null;
        foreach (EpochMetrics epoch in epochs)
        {
            if (best is null || epoch.Rank.CompareTo(best.Rank) < 0) (best, worse) = (epoch, 0);
            else if (++worse > patience) (plateaus, worse) = (plateaus + 1, 0);
        }

        return plateaus;
    }
}
