using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Hosting.Tests;

public class CtcServicesTests
{
    [Test]
    public void A_part_is_a_keyed_service_under_its_name()
    {
        using var folder = new PluginFolder();
        using ServiceProvider provider = Provide(folder, "FocalCtc");

        var factory = provider.GetRequiredKeyedService<PartFactory<ILossWeighting>>("focal");
        ILossWeighting focal = factory.Create(Activator.CreateInstance(factory.Metadata.Options)!);

        Assert.That(focal.GetType().Name, Is.EqualTo("Focal"));
    }

    [Test]
    public void One_DLL_may_bring_parts_at_several_points()
    {
        using var folder = new PluginFolder();
        using ServiceProvider provider = Provide(folder, "LabelSmoothing");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(provider.GetKeyedService<PartFactory<ITargetTransform>>("label-smoothing"), Is.Not.Null);
            Assert.That(provider.GetKeyedService<PartFactory<IAuxiliaryTerm>>("uniform-kl"), Is.Not.Null);
            Assert.That(provider.GetKeyedService<PartFactory<IAuxiliaryTerm>>("label-smoothing"), Is.Null);
        }
    }

    [Test]
    public void A_taken_name_cannot_be_resolved_and_the_other_part_of_its_DLL_can()
    {
        using var folder = new PluginFolder();
        using ServiceProvider provider = Provide(folder, "FocalCtc", "TakenName");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => provider.GetKeyedService<PartFactory<ILossWeighting>>("focal"),
                Throws.TypeOf<PluginException>().With.Message.Contains(folder.Dll("FocalCtc")).And.Message.Contains(folder.Dll("TakenName")));
            Assert.That(provider.GetRequiredKeyedService<PartFactory<ILossWeighting>>("halved").Create(new NoOptions()), Is.Not.Null);
        }
    }

    [Test]
    public void The_message_of_a_taken_name_names_both_files()
    {
        using var folder = new PluginFolder();
        using ServiceProvider provider = Provide(folder, "FocalCtc", "TakenName");
        var catalog = provider.GetRequiredService<PartCatalog>();

        Assert.That(
            () => catalog.Find(typeof(ILossWeighting), "focal"),
            Throws.TypeOf<PluginException>().With.Message.EqualTo(
                $"the loss weighting 'focal' is ambiguous; each of these has one: {folder.Dll("FocalCtc")}, {folder.Dll("TakenName")}"));
    }

    [Test]
    public void A_name_taken_three_times_stays_ambiguous()
    {
        var services = new ServiceCollection();
        for (int i = 0; i < 3; i++) services.AddCtcPart<ILossWeighting, Halved>(_ => new Halved());
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(() => provider.GetKeyedService<PartFactory<ILossWeighting>>("halved"), Throws.TypeOf<PluginException>());
    }

    [Test]
    public void A_part_is_created_by_its_factory_alone()
    {
        int created = 0;
        using ServiceProvider provider = new ServiceCollection().AddCtcPart<ILossWeighting, Halved>(_ => Create()).BuildServiceProvider();
        PartFactory found = provider.GetRequiredService<PartCatalog>().Find(typeof(ILossWeighting), "halved");
        Assert.That((found.Metadata.Summary, created), Is.EqualTo(("Half of each loss.", 0)));
        found.CreatePart(new NoOptions());
        Assert.That(created, Is.EqualTo(1));

        Halved Create()
        {
            created++;
            return new Halved();
        }
    }

    [Test]
    public void Instances_created_at_once_each_get_their_own_options()
    {
        using var folder = new PluginFolder();
        using ServiceProvider provider = Provide(folder, "LabelSmoothing");
        var factory = provider.GetRequiredKeyedService<PartFactory<IAuxiliaryTerm>>("uniform-kl");
        var terms = new IAuxiliaryTerm[10_000];

        var threads = new ParallelOptions { MaxDegreeOfParallelism = 16 };
        Parallel.For(0, terms.Length, threads, i => terms[i] = factory.Create(WithAlpha(factory.Metadata.Options, i / 1e4)));

        Assert.That(terms.Distinct().Count(), Is.EqualTo(terms.Length));
        Assert.That(terms.Select(term => term.BaseShare(default)), Is.EqualTo(Enumerable.Range(0, terms.Length).Select(i => 1 - (i / 1e4))));
    }

    private static object WithAlpha(Type type, double alpha)
    {
        object options = Activator.CreateInstance(type)!;
        type.GetProperty("Alpha")!.SetValue(options, (Schedule)alpha);
        return options;
    }

    private static ServiceProvider Provide(PluginFolder folder, params string[] plugins)
    {
        foreach (string plugin in plugins) folder.Add(plugin);
        return new ServiceCollection().AddCtcPlugins(folder.Discover()).BuildServiceProvider();
    }

    [Part("halved", Summary = "Half of each loss.")]
    private sealed class Halved : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => throw new NotSupportedException();
    }
}
