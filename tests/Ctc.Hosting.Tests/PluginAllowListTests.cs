using System.Security.Cryptography;

namespace Ctc.Hosting.Tests;

public class PluginAllowListTests
{
    [Test]
    public void What_is_in_the_list_is_loaded_and_what_is_not_is_refused()
    {
        using var folder = new PluginFolder();
        string focal = folder.Add("FocalCtc"), other = folder.Add("Temperature");

        Plugin[] plugins = [.. Discover(folder, Line(focal))];

        Assert.That(plugins[0].Problem, Is.Null);
        Assert.That(plugins[0].Parts, Is.Not.Empty);
        Assert.That(plugins[1].Problem, Is.EqualTo($"Temperature.dll with SHA-256 {Digest(other)} is not allowed by {List(folder)}"));
        Assert.That(plugins[1].Parts, Is.Empty);
    }

    [Test]
    public void Only_the_bytes_count_and_not_the_name()
    {
        using var folder = new PluginFolder();
        string focal = folder.Add("FocalCtc");
        string line = Line(focal);
        File.WriteAllBytes(focal, [.. File.ReadAllBytes(focal), 0]);
        Assert.That(Discover(folder, line).Single().Problem, Does.StartWith("FocalCtc.dll with SHA-256 ").And.Contain("is not allowed by"));
    }

    [Test]
    public void Remarks_empty_lines_capitals_and_line_ends_of_Windows_are_read()
    {
        using var folder = new PluginFolder();
        string focal = folder.Add("FocalCtc");
        Assert.That(Discover(folder, $"\uFEFF# mine\r\n\r\n  \r\n{Digest(focal).ToUpperInvariant()} *focal\r\n").Single().Problem, Is.Null);
    }

    [Test]
    public void A_file_must_be_in_every_list()
    {
        using var folder = new PluginFolder();
        string focal = folder.Add("FocalCtc");
        var with = Write(folder, Line(focal));
        string second = List(folder) + "2";
        File.WriteAllText(second, "");
        Assert.That(
            PluginCatalog.Discover([folder.Root], [with, new PluginAllowList(second)]).Plugins.Single().Problem,
            Does.EndWith($"is not allowed by {second}"));
        File.Delete(second);
    }

    [Test]
    public void A_private_DLL_must_be_in_the_list_too([Values] bool listed)
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("PrivateDependency"), dependency = Path.Combine(Path.GetDirectoryName(dll)!, "Dependency.dll");

        Plugin plugin = Discover(folder, Line(dll) + (listed ? Line(dependency) : "")).Single();
        string[] causes = [.. PluginTrial.Problems(plugin).Select(problem => problem.Cause)];

        Assert.That(causes, Is.EqualTo(listed ? [] : new[] { $"Dependency.dll with SHA-256 {Digest(dependency)} is not allowed by {List(folder)}" }));
    }

    [Test]
    public void A_native_library_must_be_in_the_list_too([Values] bool listed)
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("NativeDependency"), native = NativeLibraryFile.LayBeside(dll);
        var term = (IAuxiliaryTerm)Discover(folder, Line(dll) + (listed ? Line(native) : "")).Single().Parts.Single().CreatePart(new NoOptions());

        if (listed) Assert.That(term.BaseShare(default), Is.EqualTo(0xCBF43926));
        else Assert.That(() => term.BaseShare(default), Throws.TypeOf<PluginException>().With.Message.Contains("is not allowed by"));
    }

    [Test]
    public void A_line_that_is_no_digest_is_named()
    {
        using var folder = new PluginFolder();
        Assert.That(
            () => Write(folder, "# mine\nFocalCtc.dll\n"),
            Throws.TypeOf<PluginException>().With.Message.EqualTo(
                $"{List(folder)}:2: found 'FocalCtc.dll'; expected 64 hexadecimal digits and a name, as sha256sum writes them"));
    }

    [Test]
    public void A_digest_that_is_cut_off_is_named()
    {
        using var folder = new PluginFolder();
        Assert.That(() => Write(folder, Line(folder.Add("FocalCtc"))[1..]), Throws.TypeOf<PluginException>().With.Message.Contains(":1: found '"));
    }

    [Test]
    public void A_list_that_is_named_and_missing_allows_nothing() => Assert.That(
        () => PluginAllowList.Load("/nowhere/list"),
        Throws.TypeOf<PluginException>().With.Message.EqualTo(
            "/nowhere/list: there is no such file; expected a list of the plugins that are allowed"));

    [Test]
    public void A_list_that_is_a_folder_allows_nothing([Values] bool isBeside)
    {
        using var folder = new PluginFolder();
        string list = isBeside ? Path.Combine(AppContext.BaseDirectory, PluginAllowList.FileName) : List(folder);
        Directory.CreateDirectory(list);
        try
        {
            Assert.That(
                () => PluginAllowList.Load(isBeside ? null : list),
                Throws.TypeOf<PluginException>().With.Message.EqualTo(
                    $"{list}: found a folder; expected a list of the plugins that are allowed"));
        }
        finally
        {
            Directory.Delete(list);
        }
    }

    [Test]
    public void A_list_that_is_a_link_to_nothing_allows_nothing()
    {
        string list = Path.Combine(AppContext.BaseDirectory, PluginAllowList.FileName);
        File.CreateSymbolicLink(list, "/nowhere/list");
        try
        {
            Assert.That(() => PluginAllowList.Load(), Throws.TypeOf<PluginException>().With.Message.Contains("there is no such file"));
        }
        finally
        {
            File.Delete(list);
        }
    }

    [Test]
    public void A_plugin_must_be_in_the_further_list_and_in_that_beside_the_executable()
    {
        using var folder = new PluginFolder();
        string focal = folder.Add("FocalCtc");
        Write(folder, Line(focal));
        string beside = Path.Combine(AppContext.BaseDirectory, PluginAllowList.FileName);
        string? Problem() => PluginCatalog.Discover([focal], PluginAllowList.Load(List(folder))).Plugins.Single().Problem;
        Assert.That(Problem(), Is.Null);
        File.WriteAllText(beside, "");
        try
        {
            Assert.That(Problem(), Does.EndWith($"is not allowed by {beside}"));
            Assert.That(folder.Single().Problem, Does.EndWith($"is not allowed by {beside}"));
        }
        finally
        {
            File.Delete(beside);
        }
    }

    [Test]
    public void Without_a_list_every_plugin_is_allowed([Values(null, "")] string? further) => Assert.That(PluginAllowList.Load(further), Is.Empty);

    private static IEnumerable<Plugin> Discover(PluginFolder folder, string list)
    {
        PluginAllowList allowed = Write(folder, list);
        return PluginCatalog.Discover([folder.Root], [allowed]).Plugins;
    }

    private static PluginAllowList Write(PluginFolder folder, string list)
    {
        File.WriteAllText(List(folder), list);
        return new PluginAllowList(List(folder));
    }

    private static string List(PluginFolder folder) => Path.Combine(folder.Root, "list");

    private static string Line(string file) => $"{Digest(file)}  {file}\n";

    private static string Digest(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
