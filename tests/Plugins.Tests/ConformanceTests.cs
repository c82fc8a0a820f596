using Ctc.Testing.NUnit;
using NUnit.Framework.Internal;

namespace Ctc.Plugins.Tests;

/// <summary>What is asked of any plugin, asked of ours.</summary>
[TestFixtureSource(nameof(Ours))]
public sealed class ConformanceTests(string dll) : PluginTests(dll)
{
    private static IEnumerable<TestFixtureData> Ours() => DiscoveredPart.Found.Select(plugin => new TestFixtureData(plugin.Path).SetArgDisplayNames(plugin.Name));
}

public class InheritedTests
{
    [Test]
    public void A_broken_promise_is_a_failed_test()
    {
        var tests = new ConformanceTests(Path.Combine(AppContext.BaseDirectory, "broken-plugins", "Misbehaving", "Misbehaving.dll"));
        tests.Check();
        tests.Loads();
        tests.Passes("name");
        foreach (string check in new[] { "values", "gradient", "padding", "leaks" })
        {
            using (new TestExecutionContext.IsolatedContext()) Assert.That(() => tests.Passes(check), Throws.TypeOf<AssertionException>(), check);
        }
    }
}
