using Ctc.Configuration.Schema;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;
using Ctc.Experiments.Training;
using Spectre.Console;

namespace Ctc.Cli.Terminal;

/// <summary>Shows the progress of a run: a bar with the remaining time on a terminal of 80 columns or more, plain lines otherwise.</summary>
internal static class RunDisplay
{
    // On a narrower terminal the line of an epoch takes two rows, and the bar is not erased whole.
    private const int NarrowestBar = 80;

    public static RunResult Show(Experiment experiment, Func<IProgressObserver, RunResult> run)
    {
        if (Console.IsOutputRedirected) return run(new Lines(width: null));
        if (!HasBar(AnsiConsole.Profile)) return run(new Lines(AnsiConsole.Profile.Width));

        // Refreshed by hand, from the thread that trains: a timer that allocates would race with native calls.
        return AnsiConsole.Progress()
            .AutoRefresh(false)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => run(new Bar(context, context.AddTask(Title(experiment), maxValue: experiment.Train.Epochs))));
    }

    /// <summary>Whether a terminal is interactive and wide enough for a bar.</summary>
    internal static bool HasBar(Profile terminal) => terminal is { Capabilities.Interactive: true, Width: >= NarrowestBar };

    private static string Title(Experiment experiment) => Markup.Escape(Printable.Line(experiment.Name));

    /// <summary>A line for each epoch and message.</summary>
    /// <param name="width">The columns of the terminal; null for a file or a pipe, where an example is one line.</param>
    private sealed class Lines(int? width) : IProgressObserver
    {
        public void Note(string line) => Output.WriteLine(line);

        public void StepTaken(StepProgress progress)
        {
        }

        public void EpochEnded(EpochMetrics epoch, bool isBest) => Output.WriteLine(EpochText.Format(epoch, isBest, width ?? int.MaxValue));

        public void ExamplesRead(IReadOnlyList<UtteranceResult> lines)
        {
            foreach (UtteranceResult line in lines)
            {
                if (width is { } columns) ReadingText.WriteBelow(Output.Writer, line, columns, isReadShown: true);
                else Output.WriteLine($"  {line.Describe()}");
            }
        }
    }

    private sealed class Bar(ProgressContext context, ProgressTask task) : IProgressObserver
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
        private DateTime drawn;

        public void Note(string line) => AnsiConsole.WriteLine(Printable.Text(line));

        public void StepTaken(StepProgress progress)
        {
            task.Value = progress.Epoch - 1 + ((double)progress.Step / progress.Steps);
            if (DateTime.UtcNow - drawn < Pause) return;
            drawn = DateTime.UtcNow;
            context.Refresh();
        }

        public void EpochEnded(EpochMetrics epoch, bool isBest)
        {
            AnsiConsole.WriteLine(EpochText.Format(epoch, isBest, AnsiConsole.Profile.Width));
            context.Refresh();
        }

        public void ExamplesRead(IReadOnlyList<UtteranceResult> lines)
        {
            using var text = new StringWriter();
            foreach (UtteranceResult line in lines) ReadingText.WriteBelow(text, line, AnsiConsole.Profile.Width, isReadShown: true);
            AnsiConsole.Write(text.ToString());
            context.Refresh();
        }
    }
}
