namespace Ctc.Hosting.Tests;

public class PluginSearchTests
{
    private static readonly string Beside = Path.Combine(AppContext.BaseDirectory, "plugins");

    [Test]
    public void Plugins_beside_the_executable_come_first_then_further_places_then_the_experiment()
    {
        Assert.That(PluginSearch.Places(Joined("/b", "/a"), ["/d", "/c"]), Is.EqualTo(new[] { Beside, "/b", "/a", "/d", "/c" }));
    }

    [Test]
    public void An_empty_entry_of_the_further_places_is_no_place()
    {
        Assert.That(PluginSearch.Places(Joined("", "/a", ""), []), Is.EqualTo(new[] { Beside, "/a" }));
    }

    [Test]
    public void Without_further_places_there_is_only_the_folder_beside_the_executable([Values(null, "")] string? further)
    {
        Assert.That(PluginSearch.Places(further, []), Is.EqualTo(new[] { Beside }));
    }

    [Test]
    public void The_working_directory_is_not_searched()
    {
        using var elsewhere = new WorkingDirectory();
        using var folder = new PluginFolder();
        Directory.CreateDirectory(Path.Combine(elsewhere.Path, "plugins", "FocalCtc"));
        File.Copy(folder.Add("FocalCtc"), Path.Combine(elsewhere.Path, "plugins", "FocalCtc", "FocalCtc.dll"));

        IEnumerable<string> found = PluginSearch.Places(null, []).SelectMany(PluginSearch.Candidates).Select(Path.GetFullPath);

        Assert.That(found, Is.Not.Empty.And.All.StartsWith(AppContext.BaseDirectory));
    }

    [Test]
    public void A_DLL_stands_for_itself()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("FocalCtc");
        Assert.That(PluginSearch.Candidates(dll), Is.EqualTo(new[] { dll }));
    }

    [Test]
    public void A_plugins_folder_stands_for_the_DLL_of_its_name([Values("", "/")] string ending)
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("PrivateDependency"); // with another DLL beside it
        Assert.That(PluginSearch.Candidates(Path.GetDirectoryName(dll) + ending), Is.EqualTo(new[] { dll }));
    }

    [Test]
    public void A_folder_of_folders_stands_for_their_DLLs_in_order()
    {
        using var folder = new PluginFolder();
        string second = folder.Add("TakenName"), first = folder.Add("FocalCtc");
        string empty = Directory.CreateDirectory(Path.Combine(folder.Root, "Nothing")).FullName;
        Assert.That(PluginSearch.Candidates(folder.Root), Is.EqualTo(new[] { first, empty, second }));
    }

    [Test]
    public void A_folder_of_another_name_stands_for_its_only_DLL_with_parts([Values("", "/")] string ending)
    {
        using var folder = new PluginFolder();
        string dll = folder.AddAs("net10.0", "PrivateDependency"); // with another DLL beside it
        File.WriteAllText(Path.Combine(folder.Root, "net10.0", "Text.dll"), "This is no assembly.");
        File.WriteAllBytes(Path.Combine(folder.Root, "net10.0", "Cut.dll"), File.ReadAllBytes(dll)[..1000]);
        Assert.That(PluginSearch.Candidates(Path.Combine(folder.Root, "net10.0") + ending), Is.EqualTo(new[] { dll }));
        Assert.That(PluginSearch.Candidates(folder.Root), Is.EqualTo(new[] { dll }));
    }

    [Test]
    public void The_DLL_of_the_folders_name_comes_before_others()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("FocalCtc");
        folder.AddAs("FocalCtc", "TakenName");
        Assert.That(PluginSearch.Candidates(Path.GetDirectoryName(dll)!), Is.EqualTo(new[] { dll }));
    }

    [Test]
    public void A_folder_with_several_DLLs_with_parts_stands_for_itself()
    {
        using var folder = new PluginFolder();
        string several = Path.GetDirectoryName(folder.AddAs("net10.0", "FocalCtc"))!;
        folder.AddAs("net10.0", "TakenName");
        Assert.That(PluginSearch.Candidates(several), Is.EqualTo(new[] { several }));
    }

    [Test]
    public void A_folder_of_folders_remains_one_with_a_DLL_beside_them()
    {
        using var folder = new PluginFolder();
        string dll = folder.Add("FocalCtc");
        folder.AddAs(".", "TakenName");
        Assert.That(PluginSearch.Candidates(folder.Root), Is.EqualTo(new[] { dll }));
    }

    [Test]
    public void A_place_with_nothing_in_it_stands_for_itself()
    {
        using var folder = new PluginFolder();
        string missing = folder.Dll("Missing");
        Assert.That(PluginSearch.Candidates(folder.Root), Is.EqualTo(new[] { folder.Root }));
        Assert.That(PluginSearch.Candidates(missing), Is.EqualTo(new[] { missing }));
    }

    /// <summary>Sets the environment variable until disposed.</summary>
    private static string Joined(params string[] places) => string.Join(Path.PathSeparator, places);
}
