using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;
using Ctc.Experiments.Training;
using Spectre.Console;

namespace Ctc.Cli.Terminal;

/// <summary>Shows the progress of a sweep: a table with the remaining time on a terminal, plain lines if output is piped.</summary>
internal static class SweepDisplay
{
    /// <summary>Shows a sweep while it is executed.</summary>
    /// <param name="jobs">The number of parallel runs; null if a scheduler decides it.</param>
    /// <param name="sweep">Executes the sweep.</param>
    public static IReadOnlyList<RunStatus> Show(int? jobs, Func<ISweepObserver, IReadOnlyList<RunStatus>> sweep) =>
        Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive
            ? sweep(new Lines())
            : AnsiConsole.Live(new Text("")).Start(context => sweep(new Live(context, jobs)));

    private static Rows Draw(IReadOnlyList<RunStatus> runs, int? jobs)
    {
        string metric = runs.Select(run => run.Result?.Name).FirstOrDefault(name => name is not null) ?? "metric";
        Table table = new Table().Border(TableBorder.Simple).AddColumns("variant", "done", "failed", Markup.Escape($"test {metric}"), "now");
        foreach (IGrouping<string, RunStatus> variant in runs.GroupBy(run => run.Run.Label))
        {
            MetricValue[] results = [.. variant.Where(run => run.State == RunState.Done).Select(run => run.Result!)];
            table.AddRow(
                Markup.Escape(Printable.Line(variant.Key)),
                $"{results.Length}/{variant.Count()}",
                variant.Count(run => run.State == RunState.Failed) is > 0 and var failed ? $"[red]{failed}[/]" : "",
                results.Length > 0 ? Markup.Escape((results[0] with { Value = results.Average(result => result.Value) }).Text) : "",
                Markup.Escape(string.Join("; ", variant.Where(run => run.State == RunState.Running).Select(Now))));
        }

        TimeSpan? left = SweepTime.Left(runs, jobs ?? Running(runs), DateTime.UtcNow);
        return new Rows(table, new Text(left is { } time ? $"about {SweepTime.Words(time)} left" : ""));
    }

    private static int Running(IReadOnlyList<RunStatus> runs) => Math.Max(1, runs.Count(run => run.State == RunState.Running));

    private static string Now(RunStatus run) => run.Progress is { } progress
        ? $"seed {run.Run.Seed}: epoch {progress.Epoch} of {progress.Epochs}"
        : $"seed {run.Run.Seed}: starting";

    private sealed class Lines : ISweepObserver
    {
        public void Note(string line) => Output.WriteLine(line);

        public void Changed(IReadOnlyList<RunStatus> runs, RunStatus? changed)
        {
            if (changed is null) Output.WriteLine($"{runs.Count} runs, {runs.Count(run => run.IsWaiting)} of them to be run.");
            else if (SweepText.Change(runs, changed) is { } line) Output.WriteLine(line);
        }
    }

    private sealed class Live(LiveDisplayContext context, int? jobs) : ISweepObserver
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
        private DateTime drawn;

        public void Note(string line) => AnsiConsole.WriteLine(Printable.Text(line));

        public void Changed(IReadOnlyList<RunStatus> runs, RunStatus? changed)
        {
            if (changed is { State: RunState.Running } && DateTime.UtcNow - drawn < Pause) return;
            drawn = DateTime.UtcNow;
            context.UpdateTarget(Draw(runs, jobs));
        }
    }
}
