using System.Text.Json.Nodes;
using Ctc.Comparisons.Sweeps;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Experiments;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Comparisons.Tests.Sweeps;

/// <summary>What a plan records of its runs, and what it refuses before one is begun.</summary>
public class SweepPlanTests
{
    [Test]
    public void A_grid_value_of_an_option_for_text_is_recorded_as_it_is_written()
    {
        SweepPlan plan = Plan("data.symbols: [0123456789, 123456789, 1.0, '1']");
        Assert.That(Labels(plan), Is.EqualTo(new[]
        {
            "dl symbols=\"0123456789\"", "dl symbols=\"123456789\"", "dl symbols=\"1.0\"", "dl symbols=\"1\"",
        }));
        Assert.That(plan.Experiments, Has.Count.EqualTo(4));
    }

    [Test]
    public void A_number_is_recorded_as_one() =>
        Assert.That(Labels(Plan("train.learning-rate: [1e-3, 0.01]")), Is.EqualTo(new[] { "dl learning-rate=0.001", "dl learning-rate=0.01" }));

    [TestCase("train.learning-rate: [1, 1.0]", "dl learning-rate=1")]
    [TestCase("train.learning-rate: [0.001, 1e-3]", "dl learning-rate=0.001")]
    [TestCase("train.learning-rate: [.5, 0.5]", "dl learning-rate=0.5")]
    [TestCase("data.symbols: [ab, ab]", "dl symbols=\"ab\"")]
    [TestCase("data.symbols: [12, '12']", "dl symbols=\"12\"")]
    public void Two_points_with_one_label_are_refused(string grid, string label) => Assert.That(
        () => Plan(grid),
        Throws.TypeOf<ConfigurationException>().With.Message.EndsWith(
            $": two points of the grid are '{label}', as 1 and 1.0 are one number; expected each value once"));

    [Test]
    public void A_label_names_as_much_of_a_path_as_tells_it_from_the_others()
    {
        var grid = new Dictionary<string, JsonNode?>
        {
            ["objective.emissions.blank-penalty.lambda"] = 0,
            ["objective.lattice.delay-penalty.lambda"] = 0.1,
            ["objective.lattice.penalty.lambda"] = 2,
            ["train.epochs"] = 3,
        };
        Assert.That(
            new PlannedRun("v1.0", grid, 1, "", "").Label,
            Is.EqualTo("v1.0 blank-penalty.lambda=0 delay-penalty.lambda=0.1 penalty.lambda=2 epochs=3"));
    }

    private static string[] Labels(SweepPlan plan) => [.. plan.Record.Runs.Select(run => run.Label)];

    private static SweepPlan Plan(string grid)
    {
        string text = $$"""
            name: dl
            data: { source: drawn-lines, symbols: abc, train-lines: 2, dev-lines: 1, test-lines: 1, min-symbols: 1, max-symbols: 1 }
            model: { encoder: conv }
            sweep: { grid: { {{grid}} } }
            """;
        using ServiceProvider services = new ServiceCollection().AddCtcExperiments().BuildServiceProvider();
        SweepFile file = SweepFile.Expand(ExperimentFile.Parse(text, "dl.yaml", Path.GetTempPath()), []);
        return SweepPlan.Create(file, services.GetRequiredService<PartCatalog>(), Path.GetTempPath());
    }
}
