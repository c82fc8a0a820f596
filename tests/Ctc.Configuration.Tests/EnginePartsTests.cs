using Ctc.Engine.Topologies;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Configuration.Tests;

public class EnginePartsTests
{
    [Test]
    public void A_topology_of_the_engine_is_a_keyed_service()
    {
        using ServiceProvider provider = new ServiceCollection().AddCtcEngine().BuildServiceProvider();
        Assert.That(provider.GetRequiredKeyedService<PartFactory<ITopology>>("ctc").Create(new NoOptions()), Is.TypeOf<CtcTopology>());
    }

    [TestCase("ctc")]
    [TestCase("modified")]
    [TestCase("no-blank")]
    [TestCase("selfless")]
    [TestCase("graph")]
    public void The_topologies_are_built_in(string name)
    {
        using ServiceProvider provider = new ServiceCollection().AddCtcEngine().BuildServiceProvider();
        PartFactory found = provider.GetRequiredService<PartCatalog>().Find(typeof(ITopology), name);
        Assert.That(found.CreatePart(new NoOptions()), Is.InstanceOf<ITopology>());
        Assert.That(found.Metadata.Summary, Is.Not.Empty);
    }

    [TestCase("token-error-rate")]
    [TestCase("word-error-rate")]
    [TestCase("exact-match")]
    public void The_metrics_are_built_in(string name)
    {
        using ServiceProvider provider = new ServiceCollection().AddCtcEngine().BuildServiceProvider();
        PartFactory found = provider.GetRequiredService<PartCatalog>().Find(typeof(IMetric), name);
        Assert.That(found.CreatePart(Activator.CreateInstance(found.Metadata.Options)!), Is.InstanceOf<IMetric>());
        Assert.That(found.Metadata.Summary, Is.Not.Empty);
    }
}
