using System.Xml.Linq;
using Ctc.Comparisons.Reports;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Tests.Reports;

public class ReportPicturesTests
{
    [Test]
    public void The_largest_boundary_errors_are_shown_where_the_runs_drew_them()
    {
        using var sweep = new MadeUpSweep();
        string plain = sweep.Finish("plain", 1, Measured(5, 40, 30)), other = sweep.Finish("other", 1, Measured(60, 20, 10));
        Draw(plain, "2-line.png");
        Draw(plain, "3-line.png"); // the second of its variant
        Draw(other, "1-line.png");
        SweepReport.FromFolder(sweep.Path).Write();
        string page = sweep.Text("report.html");
        Assert.That(page, Does.Contain("The largest boundary errors"));
        XElement[] images = [.. XDocument.Parse(page).Descendants("img").Where(image => image.Attribute("alt")!.Value.StartsWith("The alignment of"))];
        Assert.That(images, Has.Length.EqualTo(2));
        Assert.That(page, Does.Contain("line-1: 40.0 ms from the true boundaries (mean)").And.Contain("line-0: 60.0 ms"));
    }

    private static void Draw(string run, string name)
    {
        Directory.CreateDirectory(Path.Combine(run, "worst-boundaries"));
        File.WriteAllBytes(Path.Combine(run, "worst-boundaries", name), WrittenLine.Png(width: 50, height: 16));
    }

    private static Measurement Measured(params double[] errors) => Measurement.FromUtterances(
        [.. errors.Select((error, i) => new UtteranceResult($"line-{i}", ["a"], ["a"], 0, 1, 1) { BoundaryErrors = [error, -error] })]) with
    {
        BoundaryErrorMs = new(errors.Average(), errors.Max(), 0),
    };
}
