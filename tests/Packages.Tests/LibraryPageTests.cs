using Ctc.Cli.Tests;
using Ctc.Tests;

namespace Packages.Tests;

/// <summary>The project of docs/library.md outside the repository: it uses only the packages of this build.</summary>
[Category("Slow")]
public class LibraryPageTests
{
    private const string Page = "docs/library.md";
    private const string Reader = "~/CtcPlugins"; // the path of the clone on every page

    private const string Output = "output";

    private readonly TemporaryFolder folder = new();
    private readonly PackageFolder packages;

    public LibraryPageTests() => packages = new PackageFolder(folder.In("source"));

    [OneTimeSetUp]
    public void Prepare()
    {
        foreach (string package in new[] { "Ctc.Abstractions", "Ctc.Engine" }) Succeed(packages.Pack(Path.Combine("src", package), "--no-build"));
    }

    [OneTimeTearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void The_packages_are_made_by_the_command_on_the_page() =>
        Assert.That(DocumentationPage.Blocks(Page, "sh").First(), Is.EqualTo($"dotnet pack -c Release {Reader}\n"));

    [Test]
    public void It_is_built_without_a_warning_and_trains()
    {
        string project = Lay("built");
        Succeed(Dotnet(project, "build", "-warnaserror"));
        Trains(project);
    }

    [Test]
    public void It_is_published_and_trains()
    {
        string project = Lay("published");
        Succeed(Dotnet(project, "publish"));
        Trains(project);
    }

    // As in a repository whose build imports the file, and whose executables depend on several of the packages.
    [Test]
    public void A_second_import_of_the_fix_of_the_native_library_is_harmless()
    {
        string fix = Path.Combine(CtcCommand.Repository, "build", "WeakenElfVersionNeed.targets");
        string project = Lay("twice");
        File.WriteAllText(Path.Combine(project, "Directory.Build.targets"), $"<Project><Import Project=\"{fix}\" /></Project>");
        Succeed(Dotnet(project, "build", "-warnaserror"));
        Trains(project);
    }

    /// <summary>Writes the two files of the page into a new folder.</summary>
    private string Lay(string name)
    {
        string project = DocumentationPage.Blocks(Page, "xml").Single()
            .Replace($"$(HOME){Reader[1..]}/artifacts/package/release", packages.Place, StringComparison.Ordinal)
            .Replace("\"Ctc.Engine\" Version=\"0.1.0\"", $"\"Ctc.Engine\" Version=\"{packages.Version}\"", StringComparison.Ordinal);
        Assert.That(project, Does.Contain(packages.Place).And.Contain(packages.Version));
        string place = Directory.CreateDirectory(folder.In(name)).FullName;
        File.WriteAllText(Path.Combine(place, "Training.csproj"), project);
        File.WriteAllText(Path.Combine(place, "Program.cs"), DocumentationPage.Blocks(Page, "csharp").First());
        return place;
    }

    // Restored as on a machine that has built this repository and has no network. Build links libtorch: a copy is half a gigabyte.
    private CommandOutput Dotnet(string project, string command, params string[] how) => DotnetCommand.Run(
        project,
        new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = folder.In("cache"),
            ["NUGET_FALLBACK_PACKAGES"] = PackageFolder.Cache,
            ["CreateSymbolicLinksForCopyLocalIfPossible"] = "true",
        },
        [command, "-c", "Release", "-o", Path.Combine(project, Output), $"-p:RestoreSources={packages.Place}", .. how]);

    private static void Trains(string project)
    {
        CommandOutput run = DotnetCommand.Run(project, Path.Combine(project, Output, "Training.dll"));
        Succeed(run);
        Assert.That(run.Output.TrimEnd().Split('\n')[^2..], Is.EqualTo(new[] { "read 1 2 2", "read 3 4 4" }));
    }

    private static void Succeed(CommandOutput command) => Assert.That(command.ExitCode, Is.Zero, command.Output + command.Error);
}
