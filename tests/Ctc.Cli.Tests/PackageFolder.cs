namespace Ctc.Cli.Tests;

/// <summary>A package source that holds packages of this repository and nothing else.</summary>
/// <param name="folder">Where they go.</param>
/// <remarks>
/// Their version is one that nobody has in a package cache. What they depend on comes from the cache that the build of these tests has filled.
/// </remarks>
internal sealed class PackageFolder(string folder)
{
    public static string Cache { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public string Place => folder;

    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():N}";

    /// <summary>Packs a project, or all that a solution has to pack.</summary>
    /// <param name="what">Relative to the repository.</param>
    /// <param name="how">Further arguments; as the tests were built by <c>--no-build</c>.</param>
    public CommandOutput Pack(string what, params string[] how) => DotnetCommand.Run(
        CtcCommand.Repository, ["pack", what, "-c", CtcCommand.Configuration, "-o", folder, $"-p:PackageVersion={Version}", .. how]);
}
