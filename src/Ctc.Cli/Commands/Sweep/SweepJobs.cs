using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Comparisons.Sweeps;
using Ctc.Configuration.Binding;

namespace Ctc.Cli.Commands.Sweep;

/// <summary>A sweep whose runs are executed by a scheduler.</summary>
/// <param name="plan">The plan of the sweep.</param>
/// <param name="folder">The sweep's folder.</param>
/// <param name="launcher">The launcher.</param>
/// <param name="parallel">How many runs of a job may be executed at the same time; null for as many as the scheduler starts.</param>
internal sealed class SweepJobs(SweepPlan plan, string folder, PartChoice launcher, int? parallel)
{
    private readonly LaunchedSweep sweep =
        new(plan, folder, launcher, OwnCommand.With(SweepRunCommand.Name, SweepRunCommand.OrderOption));

    /// <summary>Prints what would be submitted.</summary>
    public int Print()
    {
        IReadOnlyList<string> texts = sweep.Describe(parallel);
        Output.Write(string.Join('\n', texts));
        if (texts.Count == 0) Output.WriteLine("No run is missing; nothing would be submitted.");
        return ExitCode.Done;
    }

    /// <summary>Ends the jobs.</summary>
    public int Cancel()
    {
        IReadOnlyList<string> jobs = sweep.Cancel();
        Output.WriteLine(
            jobs.Count == 0 ? $"The sweep has no jobs of {sweep.Name} to end." : $"Jobs of {sweep.Name} are ended: {string.Join(", ", jobs)}.");
        return ExitCode.Done;
    }

    /// <summary>Submits what is missing and follows it to its end.</summary>
    /// <param name="failFast">Whether the first failure ends the jobs.</param>
    public int Follow(bool failFast)
    {
        using var interruption = new Interruption();
        try
        {
            return SweepCommand.Execute(folder, parallel, observer => sweep.Execute(parallel, failFast, observer, interruption.Token));
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("ctc: the jobs go on; the same command follows them again, and with --cancel it ends them.");
            return ExitCode.WorkFailed;
        }
    }
}
