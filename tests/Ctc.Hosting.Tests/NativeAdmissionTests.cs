using System.Security.Cryptography;

namespace Ctc.Hosting.Tests;

/// <summary>Native libraries under an allow-list, and their names without one.</summary>
[Platform("Linux")]
public class NativeAdmissionTests
{
    private const int Library = 1, RPath = 15, RunPath = 29;

    [Test]
    public void The_dependencies_of_a_native_library_are_read()
    {
        var found = ElfDependencies.Parse(ElfFile.Create((Library, "libc.so.6"), (Library, "./evil.so"), (RunPath, "$ORIGIN:/usr/lib"), (RPath, "")));
        Assert.That(found.Libraries, Is.EqualTo(new[] { "libc.so.6", "./evil.so" }));
        Assert.That(found.Folders, Is.EqualTo(new[] { "$ORIGIN", "/usr/lib", "" }));
    }

    [Test]
    public void The_dependencies_of_a_library_of_the_runtime_are_read()
    {
        using var folder = new PluginFolder();
        var found = ElfDependencies.Parse(File.ReadAllBytes(NativeLibraryFile.LayBeside(folder.Add("NativeDependency"))));
        Assert.That(found.Libraries, Does.Contain("libc.so.6").Or.Contain("libc.musl-x86_64.so.1"));
    }

    [TestCase(0)]
    [TestCase(0x80)]
    [TestCase(0x100)]
    public void A_damaged_native_library_is_refused(int kept)
    {
        byte[] whole = ElfFile.Create((Library, "libc.so.6"), (RunPath, "$ORIGIN"));
        Array.Fill(whole, (byte)0xff, Math.Max(kept, 7), whole.Length - Math.Max(kept, 7));
        Assert.That(() => ElfDependencies.Parse(whole), Throws.TypeOf<PluginException>());
    }

    [Test]
    public void A_native_library_beside_an_allowed_one_must_be_in_the_list_too([Values] bool listed, [Values] bool isBelow)
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("NativeDependency"), native = NativeLibraryFile.LayBeside(dll);
        string other = Path.Combine(Path.GetDirectoryName(dll)!, isBelow ? "glibc-hwcaps/x86-64-v2/libz.so.1" : "libz.so.1");
        Directory.CreateDirectory(Path.GetDirectoryName(other)!);
        File.WriteAllBytes(other, ElfFile.Create());
        Assert.That(
            Share(folder, listed ? [dll, native, other] : [dll, native]),
            Is.EqualTo(listed ? "" : $"libz.so.1 with SHA-256 {Digest(other)} is not allowed by {List(folder)}"));
    }

    [TestCase(Library, "./evil.so")]
    [TestCase(Library, "/tmp/evil.so")]
    [TestCase(RunPath, "")]
    [TestCase(RunPath, "$ORIGIN:.")]
    [TestCase(RPath, "/tmp")]
    [TestCase(RunPath, "$ORIGIN/..")]
    [TestCase(RunPath, "$ORIGIN/a/../../b")]
    public void An_allowed_native_library_that_has_others_searched_outside_its_folder_is_refused(int tag, string text)
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("NativeDependency"), native = NativeLibraryFile.LayBeside(dll);
        string other = Path.Combine(Path.GetDirectoryName(dll)!, "libother.so");
        File.WriteAllBytes(other, ElfFile.Create((tag, text)));
        Assert.That(
            Share(folder, [dll, native, other]),
            Is.EqualTo(
                $"libother.so is not loaded with an allow-list: it has libraries searched at '{text.Split(':')[^1]}'; expected places in its folder"));
    }

    [TestCase("$ORIGIN")]
    [TestCase("${ORIGIN}/below:$ORIGIN/a/..")]
    public void An_allowed_native_library_may_search_its_own_folder(string folders)
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("NativeDependency"), native = NativeLibraryFile.LayBeside(dll);
        string other = Path.Combine(Path.GetDirectoryName(dll)!, "libother.so");
        File.WriteAllBytes(other, ElfFile.Create((Library, "libc.so.6"), (RunPath, folders)));
        Assert.That(Share(folder, [dll, native, other]), Is.Empty);
    }

    [Test]
    public void A_link_to_a_folder_beside_an_allowed_native_library_is_refused()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("NativeDependency"), native = NativeLibraryFile.LayBeside(dll);
        Directory.CreateSymbolicLink(Path.Combine(Path.GetDirectoryName(dll)!, "link"), "/usr/lib");
        Assert.That(Share(folder, [dll, native]), Does.Contain("is a link to a folder"));
    }

    [TestCase("./native")]
    [TestCase("./x.so")]
    [TestCase("below/x.so")]
    [TestCase("../x.so")]
    public void A_relative_path_is_never_searched_in_the_working_directory(string name)
    {
        using var folder = new PluginFolder();
        using var elsewhere = new WorkingDirectory(below: "here");
        string dll = folder.Add("NativeDependency"), library = NativeLibraryFile.LayBeside(dll);
        File.WriteAllBytes(dll, PatchedDll.WithNativeImport(File.ReadAllBytes(dll), "nativechecksum", name));
        string trap = Path.GetFullPath(name, Environment.CurrentDirectory), own = Path.GetFullPath(name, Path.GetDirectoryName(dll)!);
        Directory.CreateDirectory(Path.GetDirectoryName(trap)!);
        File.Move(library, trap);
        Assert.That(folder.Single().MissingLibraries, Is.EqualTo(new[] { name }));
        Assert.That(
            Share(folder, null),
            Is.EqualTo($"it needs the native library {name}, which was not found; a relative path starts at its folder"));

        Directory.CreateDirectory(Path.GetDirectoryName(own)!);
        File.Copy(trap, own);
        Assert.That(folder.Single().MissingLibraries, Is.Empty);
        Assert.That(Share(folder, null), Is.Empty);
    }

    [Test]
    public void A_full_path_outside_the_folder_is_not_loaded_under_a_list()
    {
        const string outside = "/tmp/ctc-x1.so";
        using var folder = new PluginFolder();
        string dll = folder.Add("NativeDependency");
        File.Move(NativeLibraryFile.LayBeside(dll), outside, overwrite: true);
        try
        {
            File.WriteAllBytes(dll, PatchedDll.WithNativeImport(File.ReadAllBytes(dll), "nativechecksum", outside));
            Assert.That(
                Share(folder, [dll, outside]),
                Is.EqualTo($"the native library {outside} is outside the plugin's folder; with an allow-list it is not loaded"));
            Assert.That(Share(folder, null), Is.Empty);
        }
        finally
        {
            File.Delete(outside);
        }
    }

    // Empty if the library was loaded and computed the check value of CRC-32.
    private static string Share(PluginFolder folder, string[]? listed)
    {
        PluginAllowList[] lists = [];
        if (listed is not null)
        {
            File.WriteAllLines(List(folder), listed.Select(file => $"{Digest(file)}  {file}"));
            lists = [new PluginAllowList(List(folder))];
        }

        try
        {
            Plugin plugin = PluginCatalog.Discover([folder.Dll("NativeDependency")], lists).Plugins.Single();
            Assert.That(plugin.Problem, Is.Null);
            var term = (IAuxiliaryTerm)plugin.Parts.Single().CreatePart(new NoOptions());
            return term.BaseShare(default) == 0xCBF43926 ? "" : "another value";
        }
        catch (PluginException refusal)
        {
            return refusal.Message;
        }
    }

    private static string List(PluginFolder folder) => Path.Combine(folder.Root, "list");

    private static string Digest(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
