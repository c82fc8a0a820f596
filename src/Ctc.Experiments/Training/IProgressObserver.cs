namespace Ctc.Experiments.Training;

/// <summary>Whoever wants to see a run as it goes: a progress bar, a log.</summary>
public interface IProgressObserver
{
    /// <summary>Something worth a line: what is loaded, that a run goes on from an epoch.</summary>
    /// <param name="line">One sentence.</param>
    void Note(string line);

    /// <summary>A step was taken.</summary>
    /// <param name="progress">Where training stands.</param>
    void StepTaken(StepProgress progress);

    /// <summary>An epoch is over and saved.</summary>
    /// <param name="epoch">Its numbers.</param>
    /// <param name="isBest">Whether it is the best so far by the dev set.</param>
    void EpochEnded(EpochMetrics epoch, bool isBest);
}

/// <summary>Where training stands after a step.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Epochs">How many there will be.</param>
/// <param name="Step">Steps taken in this epoch, from 1.</param>
/// <param name="Steps">Steps in an epoch.</param>
/// <param name="Loss">The objective of the step.</param>
public readonly record struct StepProgress(int Epoch, int Epochs, int Step, int Steps, double Loss);
