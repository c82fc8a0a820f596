using System.CommandLine;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Comparisons.Reports;

namespace Ctc.Cli.Commands.Report;

/// <summary><c>ctc report DIR [--json]</c>.</summary>
internal static class ReportCommand
{
    public static Command Build()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a sweep, finished or not." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead, and write no files." };
        const string description = "Compares the variants of a sweep, from its run folders only: report.html, report.md, results.csv.";
        var command = new Command("report", description) { folder, json };
        command.SetAction(parsed =>
        {
            SweepReport report = SweepReport.FromFolder(parsed.GetRequiredValue(folder));
            if (!parsed.GetValue(json)) return Write(Output.Writer, report);
            Output.WriteLine(report.ToJson().ToJsonString(CommandJson.Page));
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Prints the summary, writes the files, and prints the path of the page.</summary>
    /// <returns>The exit code: 1 if the files could not be written, such as in a folder without write access.</returns>
    public static int Write(TextWriter to, SweepReport report)
    {
        foreach (string line in report.Summary) to.WriteLine(line);
        try
        {
            report.Write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"ctc: the report could not be written: {failure.Message.TrimEnd('.')}; --json prints it and writes nothing.");
            return ExitCode.WorkFailed;
        }

        to.WriteLine($"Report: {StartFolder.Relative(StartFolder.Resolve(report.Html))}");
        return ExitCode.Done;
    }
}
