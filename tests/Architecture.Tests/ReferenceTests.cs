using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Architecture.Tests;

/// <summary>Which assembly may reference which, read from the metadata of the DLLs. No plugin is loaded for it.</summary>
public class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Ctc.Abstractions"] = [],
        ["Ctc.Engine"] = ["Ctc.Abstractions"],
        ["Ctc.Hosting"] = ["Ctc.Abstractions"],
        ["Ctc.Configuration"] = ["Ctc.Abstractions", "Ctc.Engine", "Ctc.Hosting"],
        ["Ctc.Experiments"] = ["Ctc.Abstractions", "Ctc.Engine", "Ctc.Hosting", "Ctc.Configuration"],
        ["Ctc.Comparisons"] = ["Ctc.Abstractions", "Ctc.Engine", "Ctc.Hosting", "Ctc.Configuration", "Ctc.Experiments"],
        ["Ctc.Testing"] = ["Ctc.Abstractions", "Ctc.Engine", "Ctc.Hosting", "Ctc.Configuration"],
        ["Ctc.Testing.NUnit"] = ["Ctc.Abstractions", "Ctc.Hosting", "Ctc.Configuration", "Ctc.Testing"],
        ["ctc"] = ["Ctc.Abstractions", "Ctc.Engine", "Ctc.Hosting", "Ctc.Configuration", "Ctc.Experiments", "Ctc.Comparisons", "Ctc.Testing"],
    };

    private static readonly Dictionary<string, string[]> Libraries = new()
    {
        ["System.Composition."] = ["Ctc.Hosting"],
        ["Microsoft.Extensions.DependencyInjection"] = ["Ctc.Hosting", "Ctc.Configuration", "Ctc.Experiments", "Ctc.Comparisons", "ctc"],
        ["YamlDotNet"] = ["Ctc.Configuration"],
        ["ScottPlot"] = ["Ctc.Experiments", "Ctc.Comparisons"],
        ["ADRaffy.ENSNormalize"] = ["Ctc.Experiments"],
        ["BitMiracle.LibTiff.NET"] = ["Ctc.Experiments"], // TIFF, which Skia does not read
        ["Microsoft.ML.Tokenizers"] = ["Ctc.Experiments"], // models of SentencePiece
        ["SkiaSharp"] = ["Ctc.Experiments", "Ctc.Comparisons"],
        ["Google.Protobuf"] = ["Ctc.Experiments"], // event files for TensorBoard; TorchSharp depends on it
        ["MathNet.Numerics"] = ["Ctc.Comparisons"],
        ["NUnit."] = ["Ctc.Testing.NUnit"],
        ["nunit."] = ["Ctc.Testing.NUnit"],
        ["System.IO.Hashing"] = ["Ctc.Experiments"], // checksums of kept features
        ["Spectre.Console"] = ["ctc"],
        ["System.CommandLine"] = ["ctc"],
        ["System.Text.Json"] = ["Ctc.Abstractions", "Ctc.Configuration", "Ctc.Experiments", "Ctc.Comparisons", "ctc"],
    };

    private static readonly string[] Plugins =
        [.. Directory.EnumerateDirectories(InOutput("plugins")).Select(Path.GetFileName).OfType<string>().Order()];

    private static IEnumerable<string> Product => Allowed.Keys;

    [Test]
    public void Every_assembly_of_the_product_has_its_row()
    {
        IEnumerable<string?> built =
            Directory.EnumerateFiles(AppContext.BaseDirectory, "Ctc.*.dll").Append("ctc.dll").Select(Path.GetFileNameWithoutExtension);
        Assert.That(built, Is.EquivalentTo(Product));
        Assert.That(Plugins, Has.Length.GreaterThan(10));
    }

    // The host refuses the same ones: a test of Ctc.Hosting compares its list with this file.
    [Test]
    public void The_build_of_a_plugin_refuses_every_assembly_of_the_product_but_the_contract()
    {
        string targets = File.ReadAllText(InOutput(Path.Combine("buildTransitive", "Ctc.Abstractions.targets")));
        string refused = targets.Split("<CtcHostAssembly Include=\"")[1].Split('"')[0];
        Assert.That(refused.Split(';'), Is.EquivalentTo(Product.Except(["Ctc.Abstractions"])));
    }

    [TestCaseSource(nameof(Product))]
    public void An_assembly_references_only_what_is_below_it(string assembly) =>
        Assert.That(References(assembly).Where(IsProduct), Is.SubsetOf(Allowed[assembly]));

    [TestCaseSource(nameof(Plugins))]
    public void A_plugin_references_the_contract_and_TorchSharp_alone(string plugin) =>
        Assert.That(References(plugin), Is.SubsetOf(new[] { "Ctc.Abstractions", "TorchSharp" }).And.Contains("Ctc.Abstractions"));

    [TestCaseSource(nameof(Plugins))]
    public void The_digest_of_a_plugin_depends_on_its_own_code_alone(string plugin)
    {
        using var image = new PEReader(File.OpenRead(InOutput(Path.Combine("plugins", plugin, plugin + ".dll"))));
        // the name of its symbols
        Assert.That(image.ReadDebugDirectory().Select(entry => entry.Type), Has.None.EqualTo(DebugDirectoryEntryType.CodeView));
    }

    [TestCaseSource(nameof(Product))]
    public void No_assembly_references_a_plugin(string assembly) => Assert.That(References(assembly).Intersect(Plugins), Is.Empty);

    [TestCaseSource(nameof(Product))]
    public void A_library_is_referenced_by_its_keepers_alone(string assembly)
    {
        IEnumerable<string> others = References(assembly).Where(reference => !IsProduct(reference) && reference != "TorchSharp");
        Assert.That(others.Where(reference => !Keepers(reference).Contains(assembly)), Is.Empty);
    }

    [Test]
    public void The_engine_references_no_JSON() =>
        Assert.That(AllReferences("Ctc.Engine").Where(reference => reference.Contains("Json", StringComparison.Ordinal)), Is.Empty);

    private static bool IsProduct(string assembly) => Allowed.ContainsKey(assembly);

    private static string[] Keepers(string library) =>
        Libraries.FirstOrDefault(row => library.StartsWith(row.Key, StringComparison.Ordinal)).Value ?? [];

    private static string[] References(string assembly) => [.. AllReferences(assembly).Where(name => !IsFramework(name))];

    private static string[] AllReferences(string assembly)
    {
        string folder = Plugins.Contains(assembly) ? Path.Combine("plugins", assembly) : "";
        using var image = new PEReader(File.OpenRead(InOutput(Path.Combine(folder, assembly + ".dll"))));
        MetadataReader metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static string InOutput(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private static bool IsFramework(string assembly) => File.Exists(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), assembly + ".dll"));
}
