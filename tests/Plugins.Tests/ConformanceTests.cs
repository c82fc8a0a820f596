using Ctc.Testing.NUnit;
using NUnit.Framework.Internal;

namespace Ctc.Plugins.Tests;

/// <summary>What is asked of any plugin, asked of ours.</summary>
[TestFixtureSource(nameof(Dlls))]
public sealed class ConformanceTests(string name) : PluginTests(Dll("plugins", name))
{
    private static IEnumerable<string> Dlls() => DiscoveredPart.Found.Select(plugin => plugin.Name);

    internal static string Dll(string folder, string name) => Path.Combine(AppContext.BaseDirectory, folder, name, name + ".dll");
}

public class InheritedTests
{
    [TestCase("gradient")]
    [TestCase("padding")]
    [TestCase("leaks")]
    public void A_broken_promise_is_a_failed_test(string check)
    {
        var tests = new Misbehaving();
        tests.Check();
        using (new TestExecutionContext.IsolatedContext()) Assert.That(() => tests.Passes(check), Throws.TypeOf<AssertionException>());
        tests.Passes("name");
    }

    private sealed class Misbehaving() : PluginTests(ConformanceTests.Dll("broken-plugins", nameof(Misbehaving)));
}
