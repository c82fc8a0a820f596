using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Sweeps;

/// <summary>The progress of one run of a sweep.</summary>
/// <param name="run">Its entry in the plan.</param>
public sealed class RunStatus(PlannedRun run)
{
    /// <summary>Gets its entry in the plan.</summary>
    public PlannedRun Run => run;

    /// <summary>Gets its state.</summary>
    public RunState State { get; internal set; }

    /// <summary>Gets whether it is still to be run: not begun, or interrupted.</summary>
    public bool IsWaiting => State is RunState.Missing or RunState.Unfinished;

    /// <summary>Gets whether its result was there before the sweep was started.</summary>
    public bool AlreadyDone { get; internal set; }

    /// <summary>Gets the progress of the training; null before the first step.</summary>
    public StepProgress? Progress { get; internal set; }

    /// <summary>Gets when its process started, in this sweep.</summary>
    public DateTime? Started { get; internal set; }

    /// <summary>Gets when its process ended, in this sweep.</summary>
    public DateTime? Ended { get; internal set; }

    /// <summary>Gets the value of the experiment's first metric on the test set; null if there is no result.</summary>
    public MetricValue? Result { get; internal set; }

    /// <summary>Gets whether its result is there and cannot be read. Such a run is not tried again, because nothing finished is discarded.</summary>
    public bool IsDamaged { get; internal set; }

    /// <summary>Gets the cause of its failure; null if it has not failed.</summary>
    public string? Cause { get; internal set; }
}
