using System.CommandLine;
using Ctc.Cli.Commands.Report;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Comparisons.Reports;
using Ctc.Comparisons.Sweeps;
using Ctc.Configuration.Binding;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;

namespace Ctc.Cli.Commands.Sweep;

/// <summary><c>ctc sweep CONFIG [key=value ...] [--output DIR] [--jobs N] [--launcher NAME] [--fail-fast] [--dry-run]</c>.</summary>
internal static class SweepCommand
{
    public static Command Build(CommandServices services)
    {
        var arguments = new ExperimentArguments(services);
        var output = new Option<string?>("--output") { Description = "The sweep's folder; by default sweeps/NAME here.", HelpName = "DIR" };
        var jobs = new Option<int?>("--jobs")
        {
            Description = "How many runs in parallel: by default 1, each in its own process, or as many as a scheduler starts.",
            HelpName = "N",
        };
        var launcher = new Option<string?>("--launcher")
        {
            Description = "Where the runs are executed: local, or a scheduler such as slurm; by default sweep.launcher of CONFIG.",
            HelpName = "NAME",
        };
        var failFast = new Option<bool>("--fail-fast") { Description = "Stop at the first run that fails." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would be run, and write nothing." };
        var print = new Option<bool>("--print") { Description = "Print the script for the scheduler, and submit nothing." };
        var cancel = new Option<bool>("--cancel") { Description = "End the jobs that the sweep has submitted." };
        jobs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 and var number) result.AddError($"--jobs is {number}; expected 1 or more.");
        });
        var command = new Command("sweep", "Runs variants over seeds, only what is missing, and compares them.")
        {
            output, jobs, launcher, failFast, dryRun, print, cancel,
        };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            (SweepPlan plan, PartChoice? chosen) = arguments.Plan(parsed, parsed.GetValue(launcher));
            string folder = SweepFolder(parsed.GetValue(output), plan);
            int? parallel = parsed.GetValue(jobs);
            if (parsed.GetValue(dryRun))
            {
                IReadOnlyList<RunStatus> seen = new SweepExecution(plan, folder, []).Look();
                SweepText.Plan(Output.Writer, seen, [.. plan.Notes, .. plan.Stale(folder)]);
                return ExitCode.Done;
            }

            if (chosen is not null)
            {
                var launched = new SweepJobs(plan, folder, chosen, parallel);
                return parsed.GetValue(print) ? launched.Print()
                    : parsed.GetValue(cancel) ? launched.Cancel()
                    : launched.Follow(parsed.GetValue(failFast));
            }

            if (new[] { print, cancel }.FirstOrDefault(option => parsed.GetValue(option)) is { } misplaced)
            {
                throw new InvalidDataException(
                    $"{misplaced.Name} is of a scheduler, and the launcher is local; expected --launcher slurm, or another.");
            }

            var sweep = new SweepExecution(plan, folder, OwnCommand.With(SweepRunCommand.Name));
            WarnOfThreads(parallel ?? 1, plan);
            using var interruption = new Interruption();
            return Execute(
                folder,
                parallel ?? 1,
                observer => sweep.Execute(parallel ?? 1, parsed.GetValue(failFast), observer, interruption.Token));
        });
        return command;
    }

    /// <summary>Executes a sweep, showing its progress and keeping its report up to date, and prints the results.</summary>
    /// <param name="folder">The sweep's folder.</param>
    /// <param name="jobs">The number of parallel runs; null if a scheduler decides it.</param>
    /// <param name="execute">Executes the sweep.</param>
    /// <returns>The exit code.</returns>
    public static int Execute(string folder, int? jobs, Func<ISweepObserver, IReadOnlyList<RunStatus>> execute)
    {
        IReadOnlyList<RunStatus> runs = SweepDisplay.Show(
            jobs,
            observer =>
            {
                using var reported = new ReportWhileRunning(folder, observer);
                return execute(reported);
            });
        SweepText.Result(Output.Writer, runs, folder);
        bool isReported = Report(folder, runs);
        return isReported && runs.All(run => run.State == RunState.Done) ? ExitCode.Done : ExitCode.WorkFailed;
    }

    // Absolute, because the parts of the plan may change the current folder.
    private static string SweepFolder(string? output, SweepPlan plan) =>
        RunFolder.Resolve(output ?? Path.Combine("sweeps", plan.Record.Name), StartFolder.Current);

    private static bool Report(string folder, IReadOnlyList<RunStatus> runs)
    {
        try
        {
            return ReportCommand.Write(Output.Writer, SweepReport.FromFolder(folder)) == ExitCode.Done;
        }
        catch (RunFolderException failure) when (runs.Any(run => run.IsDamaged))
        {
            Console.Error.WriteLine($"ctc: there is no report: {failure.Message}");
            return false;
        }
    }

    private static void WarnOfThreads(int jobs, SweepPlan plan)
    {
        int threads = plan.Experiments.Values.Max(experiment => experiment.Train.Threads), cores = Environment.ProcessorCount;
        if (jobs * threads > cores)
        {
            Console.Error.WriteLine(
                $"ctc: {jobs} jobs of {threads} {(threads == 1 ? "thread" : "threads")} are more than the {cores} cores here; " +
                "the runs will wait for each other.");
        }
    }
}
