using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Sweeps;

/// <summary>Whoever wants to see a sweep as it goes. Called from one thread at a time, not always the same.</summary>
public interface ISweepObserver
{
    /// <summary>Something worth a line.</summary>
    /// <param name="line">One sentence.</param>
    void Note(string line);

    /// <summary>A run's state changed.</summary>
    /// <param name="runs">All runs of the sweep, in the order of the plan.</param>
    /// <param name="changed">The one that changed; null where all are new.</param>
    void Changed(IReadOnlyList<RunStatus> runs, RunStatus? changed);
}

/// <summary>Where a run stands.</summary>
public enum RunState
{
    /// <summary>Not begun, or cut off: it will be run.</summary>
    Waiting,

    /// <summary>Its process works.</summary>
    Running,

    /// <summary>There is a result.</summary>
    Done,

    /// <summary>It came to no result.</summary>
    Failed,
}

/// <summary>One run of a sweep as it goes.</summary>
/// <param name="run">What it is.</param>
public sealed class RunStatus(PlannedRun run)
{
    /// <summary>Gets what it is.</summary>
    public PlannedRun Run => run;

    /// <summary>Gets where it stands.</summary>
    public RunState State { get; internal set; }

    /// <summary>Gets whether its result was there before the sweep was started.</summary>
    public bool AlreadyDone { get; internal set; }

    /// <summary>Gets where training stands; null before the first step.</summary>
    public StepProgress? Progress { get; internal set; }

    /// <summary>Gets when its process started, in this sweep.</summary>
    public DateTime? Started { get; internal set; }

    /// <summary>Gets when its process ended, in this sweep.</summary>
    public DateTime? Ended { get; internal set; }

    /// <summary>Gets the token error rate on the test set; null where there is no result.</summary>
    public double? TokenErrorRate { get; internal set; }

    /// <summary>Gets why it failed; null where it did not.</summary>
    public string? Cause { get; internal set; }
}
