using System.Formats.Tar;
using System.IO.Compression;
using Ctc.Cli.Tests;
using Ctc.Tests;

namespace Packages.Tests;

/// <summary>The archive for Linux, made by the command of docs/install.md and unpacked elsewhere.</summary>
[Category("Long"), Explicit("builds everything for the runtime of the archive")]
public class ArchiveTests
{
    private const string Name = "ctc-0.1.0-linux-x64";

    [Test]
    public void It_trains_where_it_is_unpacked_without_an_installed_runtime()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("The archive is for Linux.");
        using var folder = new TemporaryFolder();
        string[] words = DocumentationPage.Blocks("docs/install.md", "text").First().TrimEnd()
            .Replace(ReaderFolder.Clone, CtcCommand.Repository, StringComparison.Ordinal).Split(' ');
        Assert.That(words[0], Is.EqualTo("dotnet"));
        CommandOutput built = DotnetCommand.Run(
            CtcCommand.Repository, [.. words[1..], $"-p:ArtifactsPath={folder.In("artifacts")}", "-p:RunAnalyzers=false"]);
        Assert.That(built.ExitCode, Is.Zero, built.Output + built.Error);

        Directory.CreateDirectory(folder.In("unpacked"));
        using (FileStream archive = File.OpenRead(folder.In("artifacts", "archive", $"{Name}.tar.gz")))
        using (var content = new GZipStream(archive, CompressionMode.Decompress))
        {
            TarFile.ExtractToDirectory(content, folder.In("unpacked"), overwriteFiles: false);
        }

        var none = new Dictionary<string, string> { ["DOTNET_ROOT"] = folder.In("none"), ["PATH"] = folder.In("none") };
        string experiment = Path.Combine(Name, "configs", "smoke.yaml"), program = folder.In("unpacked", Name, "ctc");
        CommandOutput run = DotnetCommand.Run(program, folder.In("unpacked"), none, ["run", experiment, "--output", "run"]);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(folder.In("unpacked", "run", "evaluation.json"), Does.Exist);
    }
}
