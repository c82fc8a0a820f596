using Ctc.Engine.Decoding.LanguageModels;
using Ctc.Engine.Topologies;
using Ctc.Engine.Transducers;
using Ctc.Hosting;
using Ctc.Tests;
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
        Assert.That(found.CreatePart(Activator.CreateInstance(found.Metadata.Options)!), Is.InstanceOf<ITopology>());
        Assert.That(found.Metadata.Summary, Is.Not.Empty);
    }

    [TestCase("best-path")]
    [TestCase("prefix-beam")]
    [TestCase("transducer-beam")]
    public void The_decoders_are_built_in(string name)
    {
        using ServiceProvider provider = new ServiceCollection().AddCtcEngine().BuildServiceProvider();
        PartFactory found = provider.GetRequiredService<PartCatalog>().Find(typeof(IDecoder), name);
        Assert.That(found.CreatePart(Activator.CreateInstance(found.Metadata.Options)!), Is.InstanceOf<IDecoder>());
        Assert.That(found.Metadata.Summary, Is.Not.Empty);
    }

    [Test]
    public void The_topology_lexicon_is_built_in_and_reads_its_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("lexicon.txt"), "a x y\n");
        using ServiceProvider provider = new ServiceCollection().AddCtcEngine().BuildServiceProvider();
        PartFactory found = provider.GetRequiredService<PartCatalog>().Find(typeof(ITopology), "lexicon");
        var topology = (ITopology)found.CreatePart(new LexiconOptions { File = folder.In("lexicon.txt") });
        IReadOnlyList<AddedToken> added = topology.AddTokens(new Vocabulary(new Alphabet(["a"])), [[1]]);
        Assert.That(added.Select(token => token.Name), Is.EqualTo(["x", "y"]));
    }

    [Test]
    public void The_transducer_is_built_in()
    {
        using ServiceProvider provider = new ServiceCollection().AddCtcEngine().BuildServiceProvider();
        PartFactory found = provider.GetRequiredService<PartCatalog>().Find(typeof(ITopology), "transducer");
        using var topology = (TransducerTopology)found.CreatePart(new TransducerOptions { Joint = 7 });
        Assert.That(topology.Width, Is.EqualTo(7));
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

    [Test]
    public void The_language_model_is_built_in_and_reads_its_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("lm.arpa"), "\\data\\\nngram 1=1\n\\1-grams:\n-1 a\n\\end\\\n");
        using ServiceProvider provider = new ServiceCollection().AddCtcEngine().BuildServiceProvider();
        PartFactory found = provider.GetRequiredService<PartCatalog>().Find(typeof(ILanguageModel), "arpa");
        var model = (ILanguageModel)found.CreatePart(new ArpaOptions { File = folder.In("lm.arpa"), Unit = LanguageUnit.Token });
        var none = (ILanguageModel)found.CreatePart(new ArpaOptions { File = null });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(model.Unit, Is.EqualTo(LanguageUnit.Token));
            Assert.That(model.LogProbability(model.Start, model.IndexOf("a"), out _), Is.EqualTo(-Math.Log(10)).Within(1e-12));
            Assert.That((none.Unit, none.IndexOf("a"), none.LogProbability(0, -1, out _)), Is.EqualTo((LanguageUnit.Word, -1, 0.0)));
        }
    }
}
