using Ctc.Testing.NUnit;
using NUnit.Framework.Internal;

namespace Ctc.Plugins.Tests;

/// <summary>The checks of any plugin, applied to the shipped plugins.</summary>
[TestFixtureSource(nameof(Ours)), Category("Slow")]
public sealed class ConformanceTests(string dll, Dictionary<string, string> options) : PluginTests(dll)
{
    protected override string? Options(string part) => options.GetValueOrDefault(part);

    private static IEnumerable<TestFixtureData> Ours() =>
        DiscoveredPart.Found.Select(plugin => new TestFixtureData(plugin.Path, new Dictionary<string, string>()).SetArgDisplayNames(plugin.Name));
}

public class ShippedPartsTests
{
    private static IEnumerable<TestCaseData> Parts() =>
        DiscoveredPart.All.Select(part => new TestCaseData(part).SetArgDisplayNames($"{part.Point.Name}-{part.Metadata.Name}"));

    [TestCaseSource(nameof(Parts))]
    public void None_is_skipped_because_its_options_must_be_given(Ctc.Hosting.PartFactory part) =>
        Assert.That(Ctc.Testing.Conformance.PartConformance.Run(part).First().Outcome, Is.EqualTo(Ctc.Testing.Conformance.Outcome.Passed));
}

public class InheritedTests
{
    private static readonly string Misbehaving = Path.Combine(AppContext.BaseDirectory, "broken-plugins", "Misbehaving", "Misbehaving.dll");

    [Test]
    [Category("Slow")]
    public void A_broken_promise_is_a_failed_test()
    {
        var tests = new ConformanceTests(Misbehaving, []);
        tests.Check();
        tests.Loads();
        tests.Passes("name");
        foreach (string check in new[] { "values", "gradient", "padding", "leaks" })
        {
            using (new TestExecutionContext.IsolatedContext()) Assert.That(() => tests.Passes(check), Throws.TypeOf<AssertionException>(), check);
        }
    }

    [Test]
    [Category("Slow")]
    public void Parts_are_tried_at_the_options_that_are_given()
    {
        var tests = new ConformanceTests(Misbehaving, new() { ["wrong-neutral"] = "factor: 7" });
        tests.Check();
        using (new TestExecutionContext.IsolatedContext())
        {
            Assert.That(
                () => tests.Passes("created"),
                Throws.TypeOf<AssertionException>().With.Message.Contains("wrong-neutral: factor is 7; expected 0 to 2"));
        }
    }
}
