using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary>A copy of samples/Morse in a folder outside the repository, beside a package source that holds the contract and nothing else.</summary>
/// <remarks>The version is one that nobody has in a package cache. What the contract depends on comes from the cache that the build of these tests has filled.</remarks>
internal sealed class StrangersFolder : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string version = $"0.1.0-test.{Guid.NewGuid():N}";

    public StrangersFolder()
    {
        string sample = Path.Combine(CtcCommand.Repository, "samples", "Morse");
        Directory.CreateDirectory(folder.In("Morse"));
        foreach (string file in Directory.EnumerateFiles(sample)) File.Copy(file, In(Path.GetFileName(file)));
        Replace("Morse.csproj", "Version=\"0.1.0\"", $"Version=\"{version}\"");
    }

    public string In(params string[] path) => folder.In(["Morse", .. path]);

    public void Replace(string file, string old, string replacement)
    {
        string text = File.ReadAllText(In(file));
        Assert.That(text, Does.Contain(old));
        File.WriteAllText(In(file), text.Replace(old, replacement, StringComparison.Ordinal));
    }

    /// <summary>Packs the contract as the tests were built with it, or builds it anew with another version of its assembly.</summary>
    public CommandOutput Pack(string? contractVersion = null)
    {
        string[] how = contractVersion is null ? ["--no-build"] : [$"-p:Version={contractVersion}", $"-p:ArtifactsPath={folder.In("artifacts")}"];
        string contract = Path.Combine(CtcCommand.Repository, "src", "Ctc.Abstractions");
        string[] what = ["pack", contract, "-c", CtcCommand.Configuration, "-o", folder.In("source"), $"-p:PackageVersion={version}"];
        return DotnetCommand.Run(CtcCommand.Repository, [.. what, .. how]);
    }

    public CommandOutput Build()
    {
        string home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? home;
        return DotnetCommand.Run(
            In(),
            "build",
            "-c",
            "Release",
            $"-p:RestoreSources={folder.In("source")}",
            "-p:RestoreAdditionalProjectSources=",
            $"-p:RestorePackagesPath={folder.In("packages")}",
            $"-p:RestoreFallbackFolders={cache}");
    }

    public void Dispose() => folder.Dispose();
}
