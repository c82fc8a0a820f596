using Ctc.Cli.Commands.Bench;
using Ctc.Experiments;
using Ctc.Hosting;
using Ctc.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Cli.Tests.Bench;

[NoTensorLeaks]
public class VariantBenchmarkTests
{
    [Test]
    [Category("Slow")]
    public void Without_the_plugins_plain_CTC_and_Viterbi_are_timed()
    {
        PartCatalog catalog = new ServiceCollection().AddCtcExperiments().BuildServiceProvider().GetRequiredService<PartCatalog>();
        IReadOnlyList<VariantCost> costs =
            VariantBenchmark.Measure(new BenchmarkShape("small", T: 12, B: 3, V: 5, U: 4), threads: 1, repetitions: 3, catalog);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(costs.Select(cost => cost.Name), Is.EqualTo(new[] { "plain", "viterbi" }));
            Assert.That(costs.Select(cost => cost.Ms), Is.All.Positive);
            Assert.That(costs.Select(cost => cost.RatioToPlain), Is.EqualTo(new[] { 1, costs[1].Ms / costs[0].Ms }));
        }
    }
}
