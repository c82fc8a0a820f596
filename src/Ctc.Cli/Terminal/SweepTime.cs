using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Terminal;

/// <summary>The remaining time of a sweep, estimated from the times of its runs.</summary>
internal static class SweepTime
{
    /// <summary>The time left if every run takes as long as those before it.</summary>
    /// <returns>Null while nothing is known, and if nothing is left.</returns>
    public static TimeSpan? Left(IReadOnlyList<RunStatus> runs, int jobs, DateTime now)
    {
        double[] whole = [.. runs.Select(run => Whole(run, now)).OfType<double>()];
        if (whole.Length == 0 || runs.All(run => run.State is RunState.Done or RunState.Failed)) return null;
        double each = whole.Average();
        double waiting = runs.Where(run => run.IsWaiting).DistinctBy(run => run.Run.Identity).Count() * each;
        double running = runs.Where(run => run.State == RunState.Running).DistinctBy(run => run.Run.Identity)
            .Sum(run => Math.Max(0, (Whole(run, now) ?? each) - (now - run.Started!.Value).TotalSeconds));
        return TimeSpan.FromSeconds((waiting + running) / jobs);
    }

    /// <summary>Such as 40 s, 12 min, 3 h 20 min.</summary>
    public static string Words(TimeSpan time) =>
        time.TotalMinutes < 1 ? $"{Math.Ceiling(time.TotalSeconds)} s"
        : time.TotalHours < 1 ? $"{Math.Ceiling(time.TotalMinutes)} min"
        : $"{(int)time.TotalHours} h {time.Minutes} min";

    // Seconds from start to end; estimated from the progress if the run has not ended.
    private static double? Whole(RunStatus run, DateTime now) => run switch
    {
        { State: RunState.Done, Started: { } started, Ended: { } ended } => (ended - started).TotalSeconds,
        { State: RunState.Running, Started: { } started, Progress: { } progress } when Share(progress) > 0.05 =>
            (now - started).TotalSeconds / Share(progress),
        _ => null,
    };

    private static double Share(StepProgress progress) => (progress.Epoch - 1 + ((double)progress.Step / progress.Steps)) / progress.Epochs;
}
