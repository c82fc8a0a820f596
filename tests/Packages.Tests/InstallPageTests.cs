using System.IO.Compression;
using System.Runtime.InteropServices;
using Ctc;
using Ctc.Cli.Tests;
using Ctc.Experiments.Data.Common;

namespace Packages.Tests;

/// <summary>The commands of docs/install.md, typed by a reader without a network: from a packed tool to a report.</summary>
/// <param name="backend">That of the package: half a gigabyte of libtorch is found elsewhere in the reduced instance.</param>
[TestFixture("none")]
[TestFixture("cpu", Category = "Long", Explicit = true, Reason = "packs libtorch")]
[Category("Slow")]
public class InstallPageTests(string backend)
{
    private const string Page = "docs/install.md";

    // The trainings of the page take longer than the rest of it: here each has one epoch, and each variant one seed.
    private const string Epochs = "epochs: ", Seeds = "seeds: [1, 2]";

    private readonly ReaderFolder reader = new();

    private static string[][] Commands { get; } =
        [.. DocumentationPage.Blocks(Page, "sh").Select(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    private static string SystemName { get; } =
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-"
        + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    private static string LibraryPath =>
        OperatingSystem.IsWindows() ? "PATH" : OperatingSystem.IsMacOS() ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH";

    private string Source => reader.In("..", "source");

    private string Installed => Path.Combine(reader.Home, ".dotnet", "tools", OperatingSystem.IsWindows() ? "ctc.exe" : "ctc");

    [OneTimeSetUp]
    public void Install()
    {
        string[] lines = Commands[0];
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines[0], Is.EqualTo($"dotnet pack -c Release {ReaderFolder.Clone}/src/Ctc.Cli"));
        string[] pack =
        [
            "pack", "src/Ctc.Cli", "-c", CtcCommand.Configuration, "--no-build", "-o", Source, $"-p:PublishDir={reader.In("..", "published")}",
            $"-p:TorchBackend={backend}", "-p:CreateSymbolicLinksForPublishFilesIfPossible=true",
        ];
        CommandOutput packed = DotnetCommand.Run(CtcCommand.Repository, pack);
        Assert.That(packed.ExitCode, Is.Zero, packed.Output + packed.Error);
        string place = $"{ReaderFolder.Clone}/artifacts/package/release";
        Assert.That(lines[1], Does.Contain(place));
        reader.Type(reader.In(), [lines[1].Replace(place, Source, StringComparison.Ordinal)]);
        reader.Ctc = RunInstalled;
    }

    [OneTimeTearDown]
    public void Remove() => reader.Dispose();

    [Test]
    public void A_package_for_this_system_is_named_by_one_for_all() => Assert.That(
        Directory.EnumerateFiles(Source).Select(Path.GetFileName),
        Is.EquivalentTo(new[] { "Ctc.Cli.0.1.0.nupkg", $"Ctc.Cli.{SystemName}.0.1.0.nupkg" }));

    [Test]
    public void It_holds_libtorch_and_the_plugins_of_the_build_byte_by_byte()
    {
        string build = Path.GetDirectoryName(CtcCommand.Dll)!, plugins = Path.Combine(build, "plugins");
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(Source, $"Ctc.Cli.{SystemName}.0.1.0.nupkg"));
        string[] held = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.That(held.Count(name => name.Contains("torch_cpu", StringComparison.Ordinal)), backend == "none" ? Is.Zero : Is.Not.Zero);
        string[] files = [.. Directory.EnumerateFiles(plugins, "*", SearchOption.AllDirectories)];
        Assert.That(files, Is.Not.Empty);
        foreach (string file in files)
        {
            ZipArchiveEntry entry = package.GetEntry($"tools/net10.0/{SystemName}/{Path.GetRelativePath(build, file).Replace('\\', '/')}")!;
            using var bytes = new MemoryStream();
            using (Stream stream = entry.Open()) stream.CopyTo(bytes);
            Assert.That(bytes.ToArray(), Is.EqualTo(File.ReadAllBytes(file)), file);
        }
    }

    [Test]
    public void The_commands_on_the_page_lead_from_text_lines_to_a_report()
    {
        string place = reader.In();
        Directory.CreateDirectory(Path.Combine(place, "lines"));
        for (int i = 0; i < 30; i++) WriteLine(Path.Combine(place, "lines", $"{i:d4}.png"), $"{(char)('a' + i % 5)}b{(char)('a' + i / 6)}");
        int init = Array.FindIndex(Commands[1], line => line.StartsWith("ctc init ", StringComparison.Ordinal));
        Dictionary<string, CommandOutput> typed = reader.Type(place, Commands[1][..(init + 1)]);
        Assert.That(typed["ctc plugins list"].Output, Does.Contain("label-smoothing").And.Contain("focal"));

        string experiment = Path.Combine(place, "lines.yaml"), text = File.ReadAllText(experiment);
        text += DocumentationPage.Blocks(Page, "yaml").Single();
        Assert.That(text, Does.Contain(Epochs).And.Contain(Seeds));
        text = text.Replace(Epochs, Epochs + "1 # ", StringComparison.Ordinal).Replace(Seeds, "seeds: [1]", StringComparison.Ordinal);
        File.WriteAllText(experiment, text);
        typed = reader.Type(place, [.. Commands[1][(init + 1)..], .. Commands[2]]);
        Assert.That(typed["ctc evaluate runs/first --set test"].Output, Does.Contain("characters"));
        Assert.That(typed["ctc report sweeps/lines"].Output, Does.Contain("focal"));
        Assert.That(Path.Combine(place, "sweeps", "lines", "report.html"), Does.Exist);
    }

    // Grey noise of its own for each line: no two images are equal.
    private static void WriteLine(string image, string text)
    {
        const int Rows = 32, Columns = 42;
        SplitMix64 random = SplitMix64.For(1, Path.GetFileName(image));
        float[] ink = [.. Enumerable.Range(0, Columns * Rows).Select(_ => (float)random.Unit())];
        LineImage.Write(image, new Utterance(text, ink, Columns, []));
        File.WriteAllText(Path.ChangeExtension(image, ".gt.txt"), text);
    }

    private CommandOutput RunInstalled(string folder, string[] arguments)
    {
        // The runtime of these tests need not be where an installed program looks for one.
        var environment = new Dictionary<string, string>
        {
            ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
        };
        if (backend == "none") environment[LibraryPath] = Path.GetDirectoryName(CtcCommand.Dll)!;
        return DotnetCommand.Run(Installed, folder, environment, arguments);
    }
}
