namespace Ctc.Experiments.Training;

/// <summary>Receives the progress of a run, for a progress bar or a log.</summary>
public interface IProgressObserver
{
    /// <summary>Receives a message for the user, such as the epoch from which a run resumes.</summary>
    /// <param name="line">One sentence.</param>
    void Note(string line);

    /// <summary>A step was taken.</summary>
    /// <param name="progress">The state of the training.</param>
    void StepTaken(StepProgress progress);

    /// <summary>An epoch has ended and is saved.</summary>
    /// <param name="epoch">Its numbers.</param>
    /// <param name="isBest">Whether it is the best so far by the dev set.</param>
    void EpochEnded(EpochMetrics epoch, bool isBest);

    /// <summary>Examples of what the model reads after the epoch that has just ended; now and then.</summary>
    /// <param name="lines">The same lines of the dev set each time.</param>
    void ExamplesRead(IReadOnlyList<UtteranceResult> lines)
    {
    }
}

/// <summary>The progress of the training after a step.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Epochs">The number of epochs of the experiment.</param>
/// <param name="Step">Steps taken in this epoch, from 1.</param>
/// <param name="Steps">Steps in an epoch.</param>
/// <param name="Loss">The objective of the step.</param>
public readonly record struct StepProgress(int Epoch, int Epochs, int Step, int Steps, double Loss);
