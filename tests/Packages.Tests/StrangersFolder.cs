using Ctc.Cli.Tests;
using Ctc.Tests;

namespace Packages.Tests;

/// <summary>A copy of samples/Morse in a folder outside the repository, with a package source that has only the contract.</summary>
internal sealed class StrangersFolder : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly PackageFolder packages;

    public StrangersFolder()
    {
        packages = new PackageFolder(folder.In("source"));
        string sample = Path.Combine(CtcCommand.Repository, "samples", "Morse");
        Directory.CreateDirectory(folder.In("Morse"));
        foreach (string file in Directory.EnumerateFiles(sample)) File.Copy(file, In(Path.GetFileName(file)));
        Replace("Morse.csproj", "Version=\"0.1.0\"", $"Version=\"{packages.Version}\"");
    }

    public string In(params string[] path) => folder.In(["Morse", .. path]);

    public void Replace(string file, string old, string replacement)
    {
        string text = File.ReadAllText(In(file));
        Assert.That(text, Does.Contain(old));
        File.WriteAllText(In(file), text.Replace(old, replacement, StringComparison.Ordinal));
    }

    /// <summary>Packs the contract as the tests were built with it, or rebuilds it with another assembly version.</summary>
    public CommandOutput Pack(string? contractVersion = null) => packages.Pack(
        Path.Combine("src", "Ctc.Abstractions"),
        contractVersion is null ? ["--no-build"] : [$"-p:Version={contractVersion}", $"-p:ArtifactsPath={folder.In("artifacts")}"]);

    /// <summary>Packs the engine as the tests were built with it, and references it in addition to the contract.</summary>
    public CommandOutput ReferenceEngine()
    {
        Replace("Morse.csproj", "  </ItemGroup>", $"    <PackageReference Include=\"Ctc.Engine\" Version=\"{packages.Version}\" />\n  </ItemGroup>");
        return packages.Pack(Path.Combine("src", "Ctc.Engine"), "--no-build");
    }

    public CommandOutput Build() => DotnetCommand.Run(
        In(),
        "build",
        "-c",
        "Release",
        $"-p:RestoreSources={packages.Place}",
        "-p:RestoreAdditionalProjectSources=",
        $"-p:RestorePackagesPath={folder.In("packages")}",
        $"-p:RestoreFallbackFolders={PackageFolder.Cache}");

    public void Dispose() => folder.Dispose();
}
