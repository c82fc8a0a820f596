using Ctc.Cli.Tests;

namespace Packages.Tests;

/// <summary>A package source with only packages of this repository.</summary>
/// <param name="folder">The folder of the packages.</param>
/// <remarks>
/// No package cache has their version. Their dependencies come from the cache filled by the build of these tests.
/// </remarks>
internal sealed class PackageFolder(string folder)
{
    public static string Cache { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public string Place => folder;

    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():N}";

    /// <summary>Packs a project, or all packable projects of a solution.</summary>
    /// <param name="what">The path, relative to the repository.</param>
    /// <param name="how">Further arguments; <c>--no-build</c> packs the build of the tests.</param>
    public CommandOutput Pack(string what, params string[] how) => DotnetCommand.Run(
        CtcCommand.Repository, ["pack", what, "-c", CtcCommand.Configuration, "-o", folder, $"-p:PackageVersion={Version}", .. how]);
}
