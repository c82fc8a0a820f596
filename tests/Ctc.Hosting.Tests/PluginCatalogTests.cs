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
        ["UnsatisfiedImport"] = "its class Importing cannot be given what it asks for; "
            + "expected one public constructor that takes nothing but its options, NoOptions, or nothing at all",
        ["NullMetadata"] = "its class Untold has a Part attribute without a name or an options type; expected a name, and a type where there are options",
        ["NotAnAssembly"] = "it is not a .NET assembly",
        ["Nothing"] = "the folder holds no Nothing.dll",
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
        Assert.That(reported[1].Problem, Is.EqualTo($"the folder holds no {Path.GetFileName(folder.Root)}.dll"));
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
                "The part 'undeclared' asks for Occupancy, which it does not declare; expected Needs = Needs.Occupancy in its Part attribute."));
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
