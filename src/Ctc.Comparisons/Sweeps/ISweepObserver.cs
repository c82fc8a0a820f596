namespace Ctc.Comparisons.Sweeps;

/// <summary>Receives the progress of a sweep. Called from one thread at a time, not always the same.</summary>
public interface ISweepObserver
{
    /// <summary>Receives a message for the user.</summary>
    /// <param name="line">One sentence.</param>
    void Note(string line);

    /// <summary>The state of a run has changed.</summary>
    /// <param name="runs">All runs of the sweep, in the order of the plan.</param>
    /// <param name="changed">The run that changed; null at the start.</param>
    void Changed(IReadOnlyList<RunStatus> runs, RunStatus? changed);
}
