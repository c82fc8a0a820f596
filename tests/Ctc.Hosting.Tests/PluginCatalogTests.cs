using System.Security.Cryptography;
using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Hosting.Tests;

[NoTensorLeaks]
public class PluginCatalogTests
{
    private static readonly Dictionary<string, string> Problems = new()
    {
        ["NameMissing"] = "its class Nameless is a part without a name; expected a Part attribute on it",
        ["UnsatisfiedImport"] = "its class Importing has no usable constructor; "
            + "expected one public constructor, without parameters or with only its options, NoOptions",
        ["NullMetadata"] =
            "its class Untold has a Part attribute without a name or an options type; expected a name, and a type where there are options",
        ["NotAnAssembly"] = "it is not a .NET assembly",
        ["EngineReference"] = "it references the host's Ctc.Engine; expected Ctc.Abstractions alone",
        ["Nothing"] = "the folder holds no DLL with parts; expected Nothing.dll, or one of any name",
    };

    [Test]
    public void Good_plugins_work_beside_every_broken_one()
    {
        using PluginFolder folder = All();
        IReadOnlyList<Plugin> plugins = folder.Discover().Plugins;

        Assert.That(plugins, Has.Count.EqualTo(Directory.GetDirectories(folder.Root).Length));
        foreach (Plugin good in plugins.Where(plugin => PluginFolder.Good.Contains(plugin.Name)))
        {
            Assert.That(good.Problem, Is.Null);
            Assert.That(good.Parts, Is.Not.Empty);
            Assert.That(PluginTrial.Problems(good), Is.Empty);
        }
    }

    [Test]
    public void Each_broken_plugin_is_reported_with_its_cause_and_its_file()
    {
        using PluginFolder folder = All();
        Plugin[] broken = [.. folder.Discover().Plugins.Where(plugin => plugin.Problem is not null)];

        Assert.That(broken.ToDictionary(plugin => plugin.Name, plugin => plugin.Problem), Is.EquivalentTo(Problems));
        foreach (Plugin plugin in broken)
        {
            Assert.That(plugin.Parts, Is.Empty);
            Assert.That(plugin.Path, Is.EqualTo(plugin.Name == "Nothing" ? Path.Combine(folder.Root, "Nothing") : folder.Dll(plugin.Name)));
        }
    }

    [Test]
    public void A_plugin_is_recorded_with_file_version_and_digest()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("FocalCtc");
        string digest = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(dll)));

        Assert.That(folder.Single().File, Is.EqualTo(new PluginFile(dll, "0.1.0.0", digest.ToLowerInvariant())));
    }

    [Test]
    public void The_same_DLL_found_twice_counts_once()
    {
        using var first = new PluginFolder();
        using var second = new PluginFolder();
        string dll = first.Add("FocalCtc");
        second.Add("FocalCtc");

        Plugin only = PluginCatalog.Discover([first.Root, second.Root, dll]).Plugins.Single();

        Assert.That(only.Path, Is.EqualTo(dll));
    }

    [Test]
    public void A_place_that_is_missing_or_empty_is_reported()
    {
        using var folder = new PluginFolder();
        string missing = folder.Dll("Missing");

        Plugin[] reported = [.. PluginCatalog.Discover([missing, folder.Root + Path.DirectorySeparatorChar]).Plugins];

        Assert.That(reported.Select(plugin => plugin.Path), Is.EqualTo(new[] { missing, folder.Root }));
        Assert.That(reported[0].Problem, Is.EqualTo("there is no such file or folder"));
        string name = Path.GetFileName(folder.Root);
        Assert.That(reported[1].Problem, Is.EqualTo($"the folder holds no DLL with parts; expected {name}.dll, or one of any name"));
    }

    [Test]
    public void A_build_output_can_be_named_in_place_of_its_DLL()
    {
        using var folder = new PluginFolder();
        string dll = folder.AddAs("net10.0", "PrivateDependency"); // with another DLL beside it
        Plugin plugin = PluginCatalog.Discover([Path.Combine(folder.Root, "net10.0")]).Plugins.Single();
        Assert.That((plugin.Path, plugin.Problem), Is.EqualTo((dll, (string?)null)));
        Assert.That(PluginTrial.Problems(plugin), Is.Empty);
    }

    [Test]
    public void A_folder_with_several_DLLs_with_parts_is_reported_with_their_names()
    {
        using var folder = new PluginFolder();
        folder.AddAs("net10.0", "FocalCtc");
        folder.AddAs("net10.0", "TakenName");
        Plugin plugin = PluginCatalog.Discover([folder.Root]).Plugins.Single();
        Assert.That(plugin.Path, Is.EqualTo(Path.Combine(folder.Root, "net10.0")));
        const string Several = "the folder holds several DLLs with parts: FocalCtc.dll, TakenName.dll; expected one, or net10.0.dll";
        Assert.That(plugin.Problem, Is.EqualTo(Several));
    }

    [Test]
    public void A_part_that_reads_what_it_did_not_declare_is_stopped()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new PluginFolder();
        folder.Add("NeedsMoreThanDeclared");
        var term = (IAuxiliaryTerm)folder.Single().Parts.Single().CreatePart(new NoOptions());
        using var objective = new Objective(new ObjectiveParts { Auxiliary = [term] });

        Assert.That(
            () => objective.Evaluate(torch.zeros(2, 1, 2), new Batch([[1]], [2], tokens: 2)),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "The part 'undeclared' reads Occupancy, which it does not declare; expected Needs = Needs.Occupancy in its Part attribute."));
    }

    private static PluginFolder All()
    {
        var folder = new PluginFolder();
        foreach (string good in PluginFolder.Good) folder.Add(good);
        foreach (string other in PluginFolder.Broken) folder.Add(other);
        folder.Add("NotAnAssembly", "This is no assembly."u8.ToArray());
        Directory.CreateDirectory(Path.Combine(folder.Root, "Nothing"));
        return folder;
    }
}
