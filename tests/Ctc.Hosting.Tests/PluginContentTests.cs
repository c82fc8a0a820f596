using System.Security.Cryptography;
using Ctc.Tests;

namespace Ctc.Hosting.Tests;

[NoTensorLeaks]
public class PluginContentTests
{
    [Test]
    public void A_plugin_of_one_DLL_is_recorded_by_the_digest_of_that_DLL()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("FocalCtc");
        File.WriteAllText(Path.ChangeExtension(dll, ".txt"), "MZ is not at the start of code alone."[2..]);
        PluginFile file = folder.Single().File!;

        Assert.That(File.Exists(Path.ChangeExtension(dll, ".deps.json")), "it is there and determines nothing");
        Assert.That((file.Digest, file.Files), Is.EqualTo((Sha256(dll), Array.Empty<LoadableFile>())));
    }

    [Test]
    public void Private_DLLs_native_libraries_and_what_selects_them_are_recorded()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("PrivateDependency");
        string native = NativeLibraryFile.LayBeside(dll);
        string unnamed = Path.Combine(Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(dll)!, "runtimes", ".any")).FullName, "weights");
        File.Copy(native, unnamed);
        foreach (string shared in new[] { "Ctc.Abstractions.dll", "TorchSharp.dll" })
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, shared), Path.Combine(Path.GetDirectoryName(dll)!, shared));
        }

        Assert.That(
            folder.Single().File!.Files,
            Is.EqualTo(new[] { "Dependency.dll", "PrivateDependency.deps.json", Path.GetFileName(native), "runtimes/.any/weights" }
                .Select(name => new LoadableFile(name, Sha256(Path.Combine(Path.GetDirectoryName(dll)!, name))))));
    }

    [Test]
    public void Each_of_them_changes_the_digest_of_the_plugin()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("PrivateDependency"), dependency = Path.Combine(Path.GetDirectoryName(dll)!, "Dependency.dll");
        List<string> digests = [folder.Single().File!.Digest];
        File.WriteAllBytes(dependency, PatchedDll.WithNumber(File.ReadAllBytes(dependency), 0.123456789, 0.5));
        digests.Add(folder.Single().File!.Digest);
        File.AppendAllText(Path.ChangeExtension(dll, ".deps.json"), "\n");
        digests.Add(folder.Single().File!.Digest);
        string native = NativeLibraryFile.LayBeside(dll);
        digests.Add(folder.Single().File!.Digest);
        File.Move(native, native + ".1");
        digests.Add(folder.Single().File!.Digest);

        Assert.That(digests, Is.Unique);
        Assert.That(folder.Single().File!.Sha256, Is.EqualTo(Sha256(dll)));
    }

    [Test]
    public void One_DLL_with_other_private_DLLs_is_another_plugin()
    {
        using var first = new PluginFolder();
        using var second = new PluginFolder();
        using var third = new PluginFolder();
        first.Add("PrivateDependency");
        third.Add("PrivateDependency");
        string dependency = Path.Combine(Path.GetDirectoryName(second.Add("PrivateDependency"))!, "Dependency.dll");
        File.WriteAllBytes(dependency, PatchedDll.WithNumber(File.ReadAllBytes(dependency), 0.123456789, 0.5));

        Assert.That(
            PluginCatalog.Discover([first.Root, second.Root, third.Root]).Plugins.Select(plugin => plugin.Path),
            Is.EqualTo(new[] { first.Dll("PrivateDependency"), second.Dll("PrivateDependency") }));
    }

    [Test]
    public void A_private_DLL_that_changes_after_it_was_recorded_is_not_loaded()
    {
        using var folder = new PluginFolder();
        string dependency = Path.Combine(Path.GetDirectoryName(folder.Add("PrivateDependency"))!, "Dependency.dll");
        var content = new PluginContent(folder.Dll("PrivateDependency"));
        Assert.That(content.Record(), Has.Count.EqualTo(2));
        byte[] before = File.ReadAllBytes(dependency);

        Assert.That(() => content.Load(dependency, before), Throws.Nothing);
        Assert.That(
            () => content.Load(dependency, PatchedDll.WithNumber(before, 0.123456789, 0.5)),
            Throws.TypeOf<PluginException>().With.Message.EqualTo(
                $"{dependency} changed since the plugin's files were recorded; expected no change. Start the command again"));
    }

    [Test]
    public void A_link_to_a_plugin_has_the_files_of_the_plugin()
    {
        using var folder = new PluginFolder();
        using var linked = new PluginFolder();
        string dll = folder.Add("PrivateDependency");
        Directory.CreateDirectory(Path.GetDirectoryName(linked.Dll("PrivateDependency"))!);
        File.CreateSymbolicLink(linked.Dll("PrivateDependency"), dll);
        Plugin link = linked.Single();

        Assert.That(link.File!.Files, Is.EqualTo(folder.Single().File!.Files).And.Count.EqualTo(2));
        Assert.That(PluginTrial.Problems(link), Is.Empty);
    }

    [Test]
    public void The_bytes_that_were_loaded_are_those_that_are_recorded()
    {
        using var folder = new PluginFolder();
        string dependency = Path.Combine(Path.GetDirectoryName(folder.Add("PrivateDependency"))!, "Dependency.dll"), before = Sha256(dependency);
        Plugin plugin = folder.Single();
        Assert.That(PluginTrial.Problems(plugin), Is.Empty);
        File.WriteAllBytes(dependency, PatchedDll.WithNumber(File.ReadAllBytes(dependency), 0.123456789, 0.5));

        Assert.That(plugin.File!.Files[0], Is.EqualTo(new LoadableFile("Dependency.dll", before)));
    }

    [Test]
    public void A_folder_of_very_many_files_is_refused_and_not_searched_to_its_end()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("PrivateDependency"), many = Directory.CreateDirectory(Path.Combine(folder.Root, "PrivateDependency", "many")).FullName;
        for (int i = 0; i < 10_001; i++) File.Create(Path.Combine(many, $"{i}")).Dispose();
        Plugin plugin = folder.Single();

        Assert.That(
            () => plugin.File!.Digest,
            Throws.TypeOf<PluginException>().With.Message.EqualTo(
                $"the folder of {dll} holds more than 10000 files; expected a folder that holds the plugin alone"));
    }

    private static string Sha256(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
