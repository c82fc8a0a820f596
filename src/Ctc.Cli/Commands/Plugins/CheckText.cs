using Ctc.Experiments.Texts;
using Ctc.Testing.Conformance;

namespace Ctc.Cli.Commands.Plugins;

/// <summary>Formats the report of a plugin as text.</summary>
internal static class CheckText
{
    public static void Write(TextWriter to, PluginReport report)
    {
        to.WriteLine(Printable.Line(report.Path));
        if (report.Loads.Message.Length > 0) to.WriteLine($"  {Loud(report.Loads)}");
        foreach (PartReport part in report.Parts)
        {
            var counts =
                part.Results.CountBy(result => result.Outcome).OrderBy(count => count.Key).Select(count => $"{count.Value} {Word(count.Key)}");
            to.WriteLine($"  {part.Point} {part.Name}: {string.Join(", ", counts)}");
            foreach (CheckResult result in part.Results.Where(result => result.Message.Length > 0))
            {
                to.WriteLine($"    {Loud(result)}");
            }
        }
    }

    private static string Loud(CheckResult result) =>
        $"{(result.Outcome == Outcome.Failed ? "FAILED" : Word(result.Outcome))} {Printable.Line($"{result}")}";

    private static string Word(Outcome outcome) => outcome switch
    {
        Outcome.Passed => "passed",
        Outcome.Warned => "warned",
        Outcome.Skipped => "skipped",
        _ => "failed",
    };
}
