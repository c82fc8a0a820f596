using Ctc.Configuration.Schema;

namespace Ctc.Experiments.Training;

/// <summary>The learning rate of each step: a function of its progress.</summary>
/// <param name="train">Learning rate, schedule and warm-up.</param>
/// <param name="stepsInEpoch">1 or more.</param>
internal sealed class LearningRate(TrainingConfiguration train, int stepsInEpoch)
{
    private readonly double warmUp = train.WarmUp is { } time ? time.Count * (time.Unit == TrainingUnit.Steps ? 1 : stepsInEpoch) : 0; // in steps

    /// <param name="progress">That of the step.</param>
    /// <returns>learning rate · min(1, (step + 1) / warm-up) · the factor of the schedule.</returns>
    public double At(Progress progress) =>
        train.LearningRate * (progress.Step + 1 < warmUp ? (progress.Step + 1) / warmUp : 1) * Factor(progress);

    private double Factor(Progress progress)
    {
        if (train.Schedule is not { } schedule) return 1;
        IReadOnlyList<DevResult> results = progress.Course?.Results ?? [];
        return schedule.At(progress with { Course = new TrainingCourse(train.Epochs, stepsInEpoch) { WarmUp = warmUp, Results = results } });
    }
}
