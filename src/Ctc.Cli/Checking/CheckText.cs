using Ctc.Testing.Conformance;

namespace Ctc.Cli.Checking;

/// <summary>A plugin's report for people.</summary>
internal static class CheckText
{
    public static void Write(TextWriter to, PluginReport report)
    {
        to.WriteLine(report.Path);
        if (report.Loads.Outcome == Outcome.Failed) to.WriteLine($"  FAILED {report.Loads}");
        foreach (PartReport part in report.Parts)
        {
            string counts = string.Join(", ", part.Results.CountBy(result => result.Outcome).OrderBy(count => count.Key).Select(count => $"{count.Value} {Word(count.Key)}"));
            to.WriteLine($"  {part.Point} {part.Name}: {counts}");
            foreach (CheckResult result in part.Results.Where(result => result.Message.Length > 0))
            {
                to.WriteLine($"    {(result.Outcome == Outcome.Failed ? "FAILED" : Word(result.Outcome))} {result}");
            }
        }
    }

    private static string Word(Outcome outcome) => outcome switch
    {
        Outcome.Passed => "passed",
        Outcome.Warned => "warned",
        Outcome.Skipped => "skipped",
        _ => "failed",
    };
}
