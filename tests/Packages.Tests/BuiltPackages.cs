using Ctc.Cli.Tests;
using Ctc.Tests;

namespace Packages.Tests;

/// <summary>The packages of the build of these tests: all are packed once, and each test takes those that it needs.</summary>
[SetUpFixture]
public sealed class BuiltPackages
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly Lazy<PackageFolder> Packed = new(Pack);

    /// <summary>The clone of a reader, with packages where the pages put them.</summary>
    internal static string Clone { get; } = Folder.In("CtcPlugins");

    /// <summary>All of them.</summary>
    internal static PackageFolder All => Packed.Value;

    /// <summary>Their names, without versions.</summary>
    internal static IEnumerable<string> Names => Directory.EnumerateFiles(All.Place, "*.nupkg")
        .Select(file => Path.GetFileName(file).Replace($".{All.Version}.nupkg", "", StringComparison.Ordinal));

    /// <summary>Copies packages into a source that has no others.</summary>
    /// <param name="source">The folder of the source, which need not exist.</param>
    /// <param name="names">The names of the packages, without versions.</param>
    internal static void Copy(string source, params string[] names)
    {
        Directory.CreateDirectory(source);
        foreach (string file in names.SelectMany(name => Directory.EnumerateFiles(All.Place, $"{name}.{All.Version}.*")))
        {
            File.Copy(file, Path.Combine(source, Path.GetFileName(file)));
        }
    }

    [OneTimeTearDown]
    public void Remove()
    {
        CompilerServer.End();
        Folder.Dispose();
    }

    private static PackageFolder Pack()
    {
        var packages = new PackageFolder(Path.Combine(Clone, "artifacts", "package", "release"));
        CommandOutput packed = packages.Pack("CtcPlugins.sln", "--no-build");
        Assert.That(packed.ExitCode, Is.Zero, packed.Output + packed.Error);
        return packages;
    }
}
