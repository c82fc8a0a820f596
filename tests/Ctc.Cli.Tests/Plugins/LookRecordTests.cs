using Ctc.Cli.Commands.Plugins;
using Ctc.Configuration.Binding;
using Ctc.Hosting;
using Ctc.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Cli.Tests.Plugins;

/// <summary>Parts that could be created are not created again for the next listing, until a file of theirs changes.</summary>
public class LookRecordTests
{
    private static readonly OptionDescription Marker = new("margin", "1", "0 to 10", "Found in the record; its signs: \n é.");

    private TemporaryFolder folder = new();
    private PartCatalog parts = PartCatalog.Empty;

    private string Dll => folder.In("HingeCtc", "HingeCtc.dll");

    private string Kept => folder.In("cache", "parts");

    [SetUp]
    public void Load()
    {
        folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.In("HingeCtc"));
        string sample = Path.Combine(TestContext.CurrentContext.TestDirectory, "samples", "HingeCtc");
        foreach (string file in Directory.EnumerateFiles(sample)) File.Copy(file, folder.In("HingeCtc", Path.GetFileName(file)));
        parts = new ServiceCollection().AddCtcPlugins(PluginCatalog.Discover([Dll], [])).BuildServiceProvider().GetRequiredService<PartCatalog>();
    }

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void What_was_found_is_found_again_without_a_look()
    {
        Assert.That(Open().Find(null), Is.Null, "no look yet");
        Keep(problem: null);
        Assert.That(Open().Find(null), Is.EqualTo(new[] { new SeenPart(parts.All[0], [Marker], null) }).Using<SeenPart>(Same));
        Assert.That(Open().Find("hinge"), Has.Count.EqualTo(1));
        Assert.That(Open().Find("other"), Is.Empty);
    }

    [Test]
    public void A_change_of_any_file_of_the_plugin_makes_a_new_look(
        [Values("HingeCtc.dll", "HingeCtc.xml", "data.txt", "more/native.so")] string changed)
    {
        Keep(problem: null);
        string file = folder.In("HingeCtc", changed);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.AppendAllText(file, "x");
        Assert.That(Open().Find(null), Is.Null);
        Keep(problem: null);
        Assert.That(Open().Find(null), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_file_that_a_link_leads_to_counts_too()
    {
        Directory.CreateDirectory(folder.In("links"));
        File.CreateSymbolicLink(folder.In("links", "HingeCtc.dll"), Dll);
        PluginCatalog linked = PluginCatalog.Discover([folder.In("links", "HingeCtc.dll")], []);
        parts = new ServiceCollection().AddCtcPlugins(linked).BuildServiceProvider().GetRequiredService<PartCatalog>();
        Keep(problem: null);
        File.WriteAllText(folder.In("links", "HingeCtc.xml"), "<doc/>"); // the documentation of the link
        Assert.That(Open().Find(null), Is.Null);
        Keep(problem: null);
        File.WriteAllText(folder.In("HingeCtc", "private.txt"), "x"); // private files of its target
        Assert.That(Open().Find(null), Is.Null);
    }

    [Test]
    public void A_problem_is_not_kept()
    {
        Keep(problem: "it ended the process");
        Assert.That(File.Exists(Kept), Is.False);
        Keep(problem: null);
        Keep(problem: "it ended the process");
        Assert.That(Open().Find(null), Has.Count.EqualTo(1), "the former look holds for the same files");
    }

    [Test]
    public void A_file_that_changes_during_the_look_leaves_no_record()
    {
        LookRecord record = Open();
        File.AppendAllText(Dll, "x");
        record.Keep([new SeenPart(parts.All[0], [Marker], null)]);
        Assert.That(File.Exists(Kept), Is.False);
    }

    [TestCase("")]
    [TestCase("x")]
    [TestCase("\n[[]]")]
    [TestCase("\0\n\0")]
    public void A_broken_record_is_as_if_there_were_none(string content)
    {
        Keep(problem: null);
        File.WriteAllText(Kept, content);
        Assert.That(Open().Find(null), Is.Null);
        Keep(problem: null);
        Assert.That(Open().Find(null), Has.Count.EqualTo(1), "it is replaced");
    }

    [Test]
    public void A_record_with_one_other_sign_is_broken()
    {
        Keep(problem: null);
        string text = File.ReadAllText(Kept);
        foreach (int at in new[] { 0, text.IndexOf('\n'), text.IndexOf("margin", StringComparison.Ordinal), text.Length - 1 })
        {
            File.WriteAllText(Kept, text[..at] + '?' + text[(at + 1)..]);
            Assert.That(Open().Find(null), Is.Null, $"at {at}");
        }
    }

    [Test]
    public void What_cannot_be_written_or_read_is_looked_at_again()
    {
        Directory.CreateDirectory(Kept);
        Keep(problem: null);
        Assert.That(Open().Find(null), Is.Null, "a folder is in its place");
        File.Delete(Dll);
        if (OperatingSystem.IsLinux()) File.CreateSymbolicLink(Dll, folder.In("nothing"));
        Assert.That(LookRecord.Open(Kept, parts)?.Find(null), Is.Null);
    }

    [Test]
    [Category("Slow")]
    public void The_second_listing_prints_the_same_from_the_record()
    {
        var places = new Dictionary<string, string> { ["CTC_CACHE"] = folder.In("cache"), ["CTC_PLUGIN_PATH"] = Dll };
        CommandOutput first = CtcCommand.Run(places, "plugins", "list");
        string kept = File.ReadAllText(Kept);
        DateTime written = File.GetLastWriteTimeUtc(Kept);
        CommandOutput second = CtcCommand.Run(places, "plugins", "list");
        Assert.That((first.ExitCode, first.Error), Is.EqualTo((0, "")));
        Assert.That(kept, Does.Contain("\"margin\""));
        Assert.That(second, Is.EqualTo(first));
        Assert.That(File.GetLastWriteTimeUtc(Kept), Is.EqualTo(written), "nothing was looked at");
    }

    private static bool Same(SeenPart one, SeenPart other) =>
        one.Part == other.Part && one.Problem == other.Problem && one.Options.SequenceEqual(other.Options);

    private LookRecord Open() => LookRecord.Open(Kept, parts)!;

    private void Keep(string? problem) => Open().Keep([new SeenPart(parts.All[0], [Marker], problem)]);
}
