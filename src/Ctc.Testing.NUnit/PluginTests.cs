using Ctc.Configuration;
using Ctc.Hosting;
using Ctc.Testing.Conformance;
using NUnit.Framework;

namespace Ctc.Testing.NUnit;

/// <summary>
/// The tests of a plugin, as a class to inherit: one test for each check, over all parts of a DLL. docs/checking-a-plugin.md explains each.
/// </summary>
/// <remarks>
/// The checks run in the process of the tests, on one thread of libtorch; <c>ctc plugins check</c> runs them in a separate process, for parts
/// that crash or never end. The names of the parts are compared with those of the plugin and of the engine. The class that inherits needs the
/// attribute TestFixture: NUnit's adapter ignores an assembly that does not refer to NUnit.
/// </remarks>
/// <param name="dll">The path of the plugin's DLL.</param>
/// <example>
/// <code>
/// [TestFixture]
/// public sealed class HingeTests() : PluginTests(Path.Combine(AppContext.BaseDirectory, "plugins", "HingeCtc", "HingeCtc.dll"));
/// </code>
/// </example>
public abstract class PluginTests(string dll)
{
    private Plugin? plugin;
    private Dictionary<string, CheckResult[]> results = [];

    /// <summary>Finds the plugin and runs all checks on all parts, once.</summary>
    [OneTimeSetUp]
    public void Check()
    {
        plugin = PluginCatalog.Discover([dll]).Plugins.Single();
        PartFactory[] others = [.. EngineParts.Factories, .. plugin.Parts];
        int threads = torch.get_num_threads();
        torch.set_num_threads(1); // more threads are slower on batches as small as these
        try
        {
            results = plugin.Parts
                .SelectMany(part => PartConformance
                    .Run(part, others, options: Options(part.Metadata.Name), baseFolder: AppContext.BaseDirectory)
                    .Select(result => result with { Message = $"{part.Metadata.Name}: {result.Message}" }))
                .GroupBy(result => result.Check)
                .ToDictionary(check => check.Key, check => check.ToArray());
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    /// <summary>
    /// The options to check a part with, as YAML. A part with required options is skipped without them. Relative paths start at the tests' folder.
    /// </summary>
    /// <param name="part">The name of the part.</param>
    /// <returns>Null, the default, to check the part at its defaults and at random values.</returns>
    protected virtual string? Options(string part) => null;

    /// <summary>Asserts that the plugin loads.</summary>
    [Test]
    public void Loads()
    {
        CheckResult result = PluginConformance.Run(plugin!);
        Assert.That(result.Outcome, Is.Not.EqualTo(Outcome.Failed), result.Message);
        if (result.Outcome == Outcome.Warned) Assert.Warn(result.Message);
    }

    /// <summary>
    /// Runs one check on all parts. Passes if the check is of another extension point; skipped if it is skipped for all; a warning of the check is a
    /// warning of NUnit.
    /// </summary>
    /// <param name="check">The name of the check.</param>
    [TestCaseSource(typeof(PartConformance), nameof(PartConformance.Names))]
    public void Passes(string check)
    {
        CheckResult[] found = results.GetValueOrDefault(check, []);
        string[] Messages(Outcome outcome) => [.. found.Where(result => result.Outcome == outcome).Select(result => result.Message)];
        Assert.That(Messages(Outcome.Failed), Is.Empty);
        if (Messages(Outcome.Warned) is { Length: > 0 } warnings) Assert.Warn(string.Join("; ", warnings));
        if (found.Length > 0 && Messages(Outcome.Skipped).Length == found.Length) Assert.Ignore(string.Join("; ", Messages(Outcome.Skipped)));
    }
}
