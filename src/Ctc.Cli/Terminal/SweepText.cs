using Ctc.Cli.Processes;
using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Terminal;

/// <summary>The text of a sweep, in lines.</summary>
internal static class SweepText
{
    /// <summary>The runs of a plan and their states.</summary>
    public static void Plan(TextWriter to, IReadOnlyList<RunStatus> runs, IReadOnlyList<string> notes)
    {
        foreach (string note in notes) to.WriteLine(note);
        int width = runs.Max(run => run.Run.Label.Length);
        foreach (RunStatus run in runs)
        {
            string state = run.State switch
            {
                RunState.Done => Result(run),
                RunState.Failed when run.IsDamaged => $"damaged, and left alone: {Printable.Line(run.Cause)}",
                RunState.Failed => $"failed, to be tried again: {Printable.Line(run.Cause)}",
                _ => "to be run",
            };
            to.WriteLine($"{run.Run.Label.PadRight(width)}  seed {run.Run.Seed,-4} {run.Run.Identity[..12]}  {state}");
        }

        to.WriteLine($"{runs.Count} runs, {runs.Count(run => run.State != RunState.Done && !run.IsDamaged)} of them to be run.");
    }

    /// <summary>One run that changed, as a line; null if the change is not shown.</summary>
    public static string? Change(IReadOnlyList<RunStatus> runs, RunStatus run)
    {
        string which = $"[{runs.Count(run => run.State is RunState.Done or RunState.Failed)}/{runs.Count}] {run.Run.Label}, seed {run.Run.Seed}:";
        return run switch
        {
            { State: RunState.Done, Ended: not null } => $"{which} done in {(run.Ended - run.Started)!.Value.TotalSeconds:f0} s, {Result(run)}",
            { State: RunState.Failed, Ended: not null } => $"{which} failed: {Printable.Line(run.Cause)}",
            _ => null,
        };
    }

    /// <summary>The results at the end.</summary>
    public static void Result(TextWriter to, IReadOnlyList<RunStatus> runs, string folder)
    {
        to.WriteLine();
        RunStatus[] failed = [.. runs.Where(run => run.State == RunState.Failed)];
        foreach (RunStatus run in failed) to.WriteLine($"{run.Run.Label}, seed {run.Run.Seed}, failed: {Printable.Line(run.Cause)}");
        string again = failed.All(run => run.IsDamaged) ? "" : "; the same command tries them again";
        string retried = failed.Length > 0 ? $", {failed.Length} failed{again}" : "";
        to.WriteLine($"{runs.Count(run => run.State == RunState.Done)} of {runs.Count} runs are done{retried}.");
        to.WriteLine($"Sweep folder: {StartFolder.Relative(folder)}");
    }

    /// <summary>The value of the first metric on the test set.</summary>
    public static string Result(RunStatus run) => $"{run.Result!.Name} {run.Result.Text}";
}
