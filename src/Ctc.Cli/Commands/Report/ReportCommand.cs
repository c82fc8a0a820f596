using System.CommandLine;
using Ctc.Cli.Terminal;
using Ctc.Comparisons.Reports;

namespace Ctc.Cli.Commands.Report;

/// <summary><c>ctc report DIR [--json]</c>.</summary>
internal static class ReportCommand
{
    public static Command Build()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a sweep, finished or not." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of the summary." };
        const string description = "Compares the variants of a sweep, from its run folders only: report.html, report.md, results.csv.";
        var command = new Command("report", description) { folder, json };
        command.SetAction(parsed =>
        {
            SweepReport report = SweepReport.FromFolder(parsed.GetRequiredValue(folder));
            report.Write();
            if (parsed.GetValue(json)) Output.WriteLine(report.ToJson().ToJsonString(CommandJson.Page));
            else WriteText(Output.Writer, report);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Writes the summary and the path of the report.</summary>
    public static void WriteText(TextWriter to, SweepReport report)
    {
        foreach (string line in report.Summary) to.WriteLine(line);
        to.WriteLine($"Report: {Path.GetRelativePath(Environment.CurrentDirectory, report.Html)}");
    }
}
