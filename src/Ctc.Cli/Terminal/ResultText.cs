using System.Globalization;
using Ctc.Cli.Processes;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Terminal;

/// <summary>The text that a finished run prints.</summary>
internal static class ResultText
{
    private const int Lines = 5;

    public static void Write(TextWriter to, RunResult result)
    {
        Measurement test = result.Test;
        to.WriteLine();
        if (result.AlreadyDone) to.WriteLine("Already done; --fresh trains again.");
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Test: {string.Join(", ", test.Values.Select(metric => $"{metric.Value.Name} {metric.Value.Text}"))}, loss {test.Loss:f4}, " +
            $"on {test.Utterances.Count} utterances, after {test.Seconds:f0} s."));
        if (test.Infeasible.Count > 0)
        {
            string more = test.Infeasible.Count > Lines ? " …" : "";
            string first = string.Join(", ", test.Infeasible.Take(Lines).Select(Printable.Line));
            to.WriteLine($"{test.Infeasible.Count} of them have no alignment with their target: {first}{more}");
        }

        to.WriteLine();
        ReadingText.Write(to, [.. Shown(test)], TextCells.OutputColumns);
        to.WriteLine();
        to.WriteLine($"Run folder: {StartFolder.Relative(result.Folder)}");
        to.WriteLine("  alignment.png shows one test line and the model's output for it; training.png the course of training.");
    }

    // A few utterances without errors and a few with errors, in the order of the set.
    private static IEnumerable<UtteranceResult> Shown(Measurement test)
    {
        IEnumerable<UtteranceResult> right = test.Utterances.Where(utterance => utterance.Errors == 0).Take(Lines - 2);
        IEnumerable<UtteranceResult> wrong = test.Utterances.Where(utterance => utterance.Errors > 0).Take(2);
        return right.Concat(wrong);
    }
}
