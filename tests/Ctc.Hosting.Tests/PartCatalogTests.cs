using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Hosting.Tests;

public class PartCatalogTests
{
    private static readonly PartFactory Focal = Part<ILossWeighting>("focal", "/a/Focal.dll");
    private static readonly PartFactory Length = Part<ILossWeighting>("length", "/a/Focal.dll");
    private static readonly PartFactory BuiltIn = Part<ITopology>("ctc", null);

    [Test]
    public void A_part_is_found_by_point_and_name() =>
        Assert.That(Catalog([Focal, Length, BuiltIn]).Find(typeof(ILossWeighting), "length"), Is.SameAs(Length));

    [Test]
    public void One_name_at_two_points_is_not_ambiguous()
    {
        PartFactory term = Part<IAuxiliaryTerm>("focal", "/b/Other.dll");
        var catalog = Catalog([Focal, term]);
        Assert.That(catalog.Find(typeof(ILossWeighting), "focal"), Is.SameAs(Focal));
        Assert.That(catalog.Find(typeof(IAuxiliaryTerm), "focal"), Is.SameAs(term));
    }

    [TestCase("{ alpha: 0 }", "alpha: 0")]
    [TestCase("{alpha: 0, beta: { linear: {} }}", "alpha: 0, beta: { linear: {} }")]
    [TestCase("alpha: 0", "alpha: 0")]
    [TestCase("", "")]
    public void A_neutral_setting_may_have_the_braces_that_an_experiment_has(string written, string neutral) =>
        Assert.That(new PartMetadata { Neutral = written }.Neutral, Is.EqualTo(neutral));

    [Test]
    public void A_mistyped_name_is_told_the_nearest() =>
        AssertRefused([Focal, Length, BuiltIn], typeof(ILossWeighting), "focla", "no loss weighting 'focla' was found; did you mean 'focal'?");

    [Test]
    public void A_name_like_none_is_told_all_at_its_point() =>
        AssertRefused(
            [Focal, Length, BuiltIn], typeof(ILossWeighting), "rarity", "no loss weighting 'rarity' was found; expected one of focal, length");

    [Test]
    public void A_part_of_another_kind_is_told_with_its_key() =>
        AssertRefused(
            [Focal, BuiltIn],
            typeof(ITargetTransform),
            "focal",
            "no target transform 'focal' was found; 'focal' is of another kind: loss weighting, under the key weighting");

    [Test]
    public void A_point_without_parts_says_so() =>
        AssertRefused([Focal], typeof(IEncoder), "bilstm", "no encoder 'bilstm' was found; there is none");

    [Test]
    public void An_ambiguous_name_names_all_who_bring_it() => AssertRefused(
        [BuiltIn, Part<ITopology>("ctc", "/a/A.dll"), Part<ITopology>("ctc", "/b/B.dll")],
        typeof(ITopology),
        "ctc",
        "the topology 'ctc' is ambiguous; each of these has one: the engine, /a/A.dll, /b/B.dll");

    [Test]
    public void Ambiguity_harms_no_other_name() =>
        Assert.That(Catalog([Focal, Part<ILossWeighting>("focal", "/b/B.dll"), Length]).Find(typeof(ILossWeighting), "length"), Is.SameAs(Length));

    [Test]
    public void A_catalog_resolves_the_keyed_service()
    {
        using ServiceProvider provider = new ServiceCollection().AddCtcParts([Focal, Length]).BuildServiceProvider();
        PartFactory found = provider.GetRequiredService<PartCatalog>().Find(typeof(ILossWeighting), "focal");
        Assert.That(found, Is.SameAs(Focal).And.SameAs(provider.GetRequiredKeyedService<PartFactory<ILossWeighting>>("focal")));
    }

    private static PartCatalog Catalog(PartFactory[] parts) =>
        new ServiceCollection().AddCtcParts(parts).BuildServiceProvider().GetRequiredService<PartCatalog>();

    private static PartFactory<TPoint> Part<TPoint>(string name, string? file)
        where TPoint : IPart =>
        new(new PartMetadata { Name = name }, file is null ? null : new PluginFile(file, "1.0.0.0", file), _ => throw new NotSupportedException());

    private static void AssertRefused(PartFactory[] parts, Type point, string name, string why) =>
        Assert.That(() => Catalog(parts).Find(point, name), Throws.TypeOf<PluginException>().With.Message.EqualTo(why));
}
