using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Ctc.Engine.Tests.Hosting;

/// <summary>Who may know whom, read from the metadata of the DLLs. None of them is loaded for it.</summary>
public class ArchitectureTests
{
    private static readonly string[] Plugins = [.. PluginFolder.Good];
    private static readonly string[] Product =
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "product"), "*.dll").Select(Path.GetFileNameWithoutExtension).Order().OfType<string>(),
    ];

    [Test]
    public void All_parts_of_the_product_are_looked_at() =>
        Assert.That(Product, Is.SupersetOf(new[] { "Ctc.Abstractions", "Ctc.Engine", "Ctc.Experiments", "ctc" }));

    [Test]
    public void The_contract_knows_TorchSharp_and_the_framework_alone() => Assert.That(Known("Ctc.Abstractions"), Is.SubsetOf(new[] { "TorchSharp" }));

    [TestCaseSource(nameof(Plugins))]
    public void A_plugin_knows_the_contract_and_TorchSharp_alone(string plugin) =>
        Assert.That(Known(plugin), Is.SubsetOf(new[] { "Ctc.Abstractions", "TorchSharp" }).And.Contains("Ctc.Abstractions"));

    [TestCaseSource(nameof(Product))]
    public void Nobody_knows_a_plugin(string assembly) => Assert.That(Known(assembly).Intersect(Plugins), Is.Empty);

    [TestCase("Ctc.Engine", "Ctc.Experiments", "ctc", "YamlDotNet", "ScottPlot", "Spectre.Console", "System.CommandLine")]
    [TestCase("Ctc.Experiments", "ctc", "Spectre.Console", "System.CommandLine")]
    public void A_library_knows_nothing_of_what_is_built_on_it(string assembly, params string[] forbidden) =>
        Assert.That(Known(assembly).Intersect(forbidden), Is.Empty);

    [TestCase("System.Composition.", "Ctc.Engine")]
    [TestCase("YamlDotNet", "Ctc.Experiments")]
    [TestCase("ScottPlot", "Ctc.Experiments")]
    [TestCase("MathNet.Numerics", "Ctc.Experiments")]
    [TestCase("Spectre.Console", "ctc")]
    [TestCase("System.CommandLine", "ctc")]
    public void One_library_is_known_to_one_assembly(string library, string keeper)
    {
        IEnumerable<string> others = Product.Concat(Plugins).Where(assembly => assembly != keeper);
        Assert.That(others.Where(assembly => Known(assembly).Any(known => known.StartsWith(library, StringComparison.Ordinal))), Is.Empty);
    }

    [Test]
    public void Composition_is_what_the_engine_hosts_plugins_with() => Assert.That(Known("Ctc.Engine"), Contains.Item("System.Composition.Hosting"));

    /// <summary>The assemblies that one references, without those of the framework.</summary>
    private static string[] Known(string assembly)
    {
        string folder = Plugins.Contains(assembly) ? Path.Combine("plugins", assembly) : "product";
        using var image = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, folder, assembly + ".dll")));
        MetadataReader metadata = image.GetMetadataReader();
        IEnumerable<string> all = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name));
        return [.. all.Where(name => !IsFramework(name))];
    }

    private static bool IsFramework(string assembly) => File.Exists(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), assembly + ".dll"));
}
