using Ctc.Cli.Commands.Cache;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary>Where the cache is, and how it is cleared.</summary>
public class CacheTests
{
    private TemporaryFolder folder = new();

    [SetUp]
    public void Empty() => folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void Clearing_deletes_what_the_cache_wrote_and_nothing_else()
    {
        File.WriteAllBytes(folder.In("a.pack"), new byte[1_234_567]);
        File.WriteAllBytes(folder.In("b.pack.new"), new byte[10]);
        File.WriteAllText(folder.In("digests"), "x");
        File.WriteAllText(folder.In("parts"), "x");
        File.WriteAllText(folder.In("mine.txt"), "x");
        CommandOutput first = Run("cache", "clear"), second = Run("cache", "clear");
        Assert.That((first.ExitCode, first.Output), Is.EqualTo((0, $"Deleted 2 files, 1.2 MB in {folder.Path}.\n")));
        Assert.That(second.Output, Is.EqualTo($"Deleted 0 files, 0.0 MB in {folder.Path}.\n"));
        Assert.That(Directory.GetFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(new[] { "mine.txt", "lock" }));
    }

    [Test]
    public void Without_a_cache_there_is_nothing_to_clear()
    {
        CommandOutput off = CtcInProcess.Run(Named("none"), "cache", "clear"), missing = CtcInProcess.Run(Named(folder.In("missing")), "cache", "clear");
        Assert.That((off.ExitCode, off.Output), Is.EqualTo((0, "There is no cache (CTC_CACHE is none).\n")));
        Assert.That((missing.ExitCode, missing.Output), Is.EqualTo((0, $"Deleted 0 files, 0.0 MB in {folder.In("missing")}.\n")));
        Assert.That(Directory.Exists(folder.In("missing")), Is.False);
    }

    [Test]
    public void The_doctor_tells_place_and_size()
    {
        Assert.That(Run("doctor").Output, Does.Contain($"cache      {folder.Path}: empty"));
        File.WriteAllBytes(folder.In("a.pack"), new byte[2_000_000]);
        Assert.That(Run("doctor").Output, Does.Contain($"cache      {folder.Path}: 1 file, 2.0 MB; ctc cache clear deletes it"));
        Assert.That(CtcInProcess.Run(Named("none"), "doctor").Output, Does.Contain("cache      none, because CTC_CACHE is none"));
    }

    [TestCase("/named", "/xdg", "/named")]
    [TestCase("", "/xdg", "/xdg/ctc")]
    [TestCase("", "relative", null)] // ignored, as the specification says
    [TestCase("none", "/xdg", null)]
    public void The_variable_comes_before_the_folder_of_the_system(string variable, string xdg, string? expected)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Linux only.");
        string? before = Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), cache = Environment.GetEnvironmentVariable(CacheFolder.Variable);
        try
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", xdg);
            Environment.SetEnvironmentVariable(CacheFolder.Variable, variable);
            string? found = CacheFolder.Find();
            if (variable == "none") Assert.That(found, Is.Null);
            else Assert.That(found, expected is null ? Does.EndWith("/.cache/ctc") : Is.EqualTo(Path.GetFullPath(expected)));
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", before);
            Environment.SetEnvironmentVariable(CacheFolder.Variable, cache);
        }
    }

    private static Dictionary<string, string> Named(string cache) => new() { [CacheFolder.Variable] = cache };

    private CommandOutput Run(params string[] arguments) => CtcInProcess.Run(Named(folder.Path), arguments);
}
