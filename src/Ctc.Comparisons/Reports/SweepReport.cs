using System.Text.Json.Nodes;
using Ctc.Comparisons.Reports.Pages;
using Ctc.Experiments.Files;

namespace Ctc.Comparisons.Reports;

/// <summary>The report of a sweep: a function of the files in its folder only, finished or not.</summary>
public sealed class SweepReport
{
    private readonly string folder;
    private readonly Report report;

    private SweepReport(string folder, Report report)
    {
        this.folder = folder;
        this.report = report;
    }

    /// <summary>Gets the page for a browser: <c>report.html</c>, one file that needs nothing else.</summary>
    public string Html => In("report.html");

    /// <summary>Gets the page as text: <c>report.md</c>.</summary>
    public string Markdown => In("report.md");

    /// <summary>Gets the table of results: <c>results.csv</c>, a row for each run.</summary>
    public string Results => In("results.csv");

    /// <summary>Gets the table of times: <c>timing.csv</c>, a row for each run.</summary>
    public string Timing => In("timing.csv");

    /// <summary>Gets the number of runs in each state, then a line for each variant with its comparison to the baseline.</summary>
    public IReadOnlyList<string> Summary
    {
        get
        {
            var words = ReportText.Words(report);
            string what = words.Count == 0 ? "" : $" The {report.Comparisons[0].Metric.Name}, compared with {report.Sweep.Baseline}:";
            return [ReportText.Counts(report) + what, .. words.Select(row => $"{row.Variant}: {row.Words}")];
        }
    }

    /// <summary>Compares the runs of a sweep.</summary>
    /// <param name="folder">A sweep's folder.</param>
    /// <returns>The report, nothing of it written yet.</returns>
    /// <exception cref="RunFolderException">It is no such folder, or a file in it is damaged.</exception>
    public static SweepReport FromFolder(string folder) => new(folder, Report.FromResults(SweepResults.Load(folder)));

    /// <summary>Writes the four files into the sweep's folder, each whole or not at all, also if two processes write them at once. The same results
    /// give the same bytes.</summary>
    public void Write()
    {
        string title = ReportText.Title(report);
        Block[] blocks = [.. ReportText.Blocks(report)];
        (string File, string Text)[] files =
        [
            (Results, ResultFiles.Results(report)),
            (Timing, ResultFiles.Timing(report)),
            (Markdown, MarkdownPage.Render(title, blocks)),
            (Html, HtmlPage.Render(title, blocks)),
        ];
        foreach ((string file, string text) in files) WholeFile.WriteShared(file, text);
    }

    /// <summary>The numbers of the report.</summary>
    /// <returns>For each metric every variant: its runs, mean and interval, and its difference to the baseline; null if there is no number.</returns>
    public JsonObject ToJson() => ReportJson.FromReport(report);

    private string In(string name) => Path.Combine(folder, name);
}
