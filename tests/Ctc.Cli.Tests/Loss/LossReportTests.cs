using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Loss;

/// <summary>Requests from public bug reports and suites of other implementations, with their right answers, in every recursion.</summary>
[NoTensorLeaks]
public class LossReportTests
{
    private static string Folder => Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden");

    [Test]
    public void The_answers_are_right([ValueSource(nameof(Reports))] string report, [Values("fused", "differentiable")] string recursion)
    {
        JsonNode golden = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, report)))!;
        JsonNode request = golden["request"]!.DeepClone();
        request["recursion"] = recursion;
        JsonNode answer = LossInProcess.Ask(request);
        double tolerance = golden["tolerance"]!.GetValue<double>();
        using (Assert.EnterMultipleScope())
        {
            foreach ((string output, JsonNode? expected) in golden["expected"]!.AsObject())
            {
                Assert.That(LossInProcess.Numbers(answer[output]), Is.EqualTo(LossInProcess.Numbers(expected)).Within(tolerance), output);
            }

            if (answer["loss"] is { } losses) Assert.That(LossInProcess.Numbers(losses), Is.All.GreaterThanOrEqualTo(0));
        }
    }

    [Test]
    public void There_are_twenty() => Assert.That(Reports().Count(), Is.EqualTo(20));

    private static IEnumerable<string> Reports() =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Golden"), "report_*.json").Select(file => Path.GetFileName(file)).Order();
}
