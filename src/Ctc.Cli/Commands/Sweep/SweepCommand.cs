using System.CommandLine;
using Ctc.Cli.Commands.Report;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Comparisons.Reports;
using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;

namespace Ctc.Cli.Commands.Sweep;

/// <summary><c>ctc sweep CONFIG [key=value ...] [--output DIR] [--jobs N] [--fail-fast] [--dry-run]</c>.</summary>
internal static class SweepCommand
{
    public static Command Build(CommandServices services)
    {
        var arguments = new ExperimentArguments(services);
        var output = new Option<string?>("--output") { Description = "The sweep's folder; by default sweeps/NAME here.", HelpName = "DIR" };
        var jobs = new Option<int>("--jobs")
        {
            Description = "How many runs in parallel, each in its own process.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var failFast = new Option<bool>("--fail-fast") { Description = "Stop at the first run that fails." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would be run, and write nothing." };
        jobs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError($"--jobs is {result.GetValueOrDefault<int>()}; expected 1 or more.");
        });
        var command = new Command("sweep", "Runs variants over seeds, only what is missing, and compares them.") { output, jobs, failFast, dryRun };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            SweepPlan plan = arguments.Plan(parsed);
            string folder = SweepFolder(parsed.GetValue(output), plan);
            var sweep = new SweepExecution(plan, folder, OwnCommand.With(SweepRunCommand.Name));
            if (parsed.GetValue(dryRun))
            {
                SweepText.Plan(Output.Writer, sweep.Look(), [.. plan.Notes, .. plan.Stale(folder)]);
                return ExitCode.Done;
            }

            WarnOfThreads(parsed.GetValue(jobs), plan);
            using var interruption = new Interruption();
            IReadOnlyList<RunStatus> runs = SweepDisplay.Show(
                parsed.GetValue(jobs),
                observer =>
                {
                    using var reported = new ReportWhileRunning(folder, observer);
                    return sweep.Execute(parsed.GetValue(jobs), parsed.GetValue(failFast), reported, interruption.Token);
                });
            SweepText.Result(Output.Writer, runs, folder);
            bool isReported = Report(folder, runs);
            return isReported && runs.All(run => run.State == RunState.Done) ? ExitCode.Done : ExitCode.WorkFailed;
        });
        return command;
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
