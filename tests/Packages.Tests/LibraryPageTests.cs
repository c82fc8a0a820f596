using Ctc.Cli.Tests;

namespace Packages.Tests;

/// <summary>The project of docs/library.md outside the repository: it uses only the packages of this build.</summary>
[Category("Slow")]
public class LibraryPageTests
{
    private const string Page = "docs/library.md";
    private const string Reader = "~/CtcPlugins"; // the path of the clone on every page

    private const string Built = "built", Twice = "twice", Published = "published";

    private readonly OutsideSolution solution = new();

    private string Source => solution.In("source");

    [OneTimeSetUp]
    public void Build()
    {
        BuiltPackages.Copy(Source, "Ctc.Abstractions", "Ctc.Engine");
        Lay(Built);
        Lay(Twice);

        // As in a repository whose build imports the file, and whose executables depend on several of the packages.
        string fix = Path.Combine(CtcCommand.Repository, "build", "WeakenElfVersionNeed.targets");
        File.WriteAllText(solution.In(Twice, "Directory.Build.targets"), $"<Project><Import Project=\"{fix}\" /></Project>");
        solution.Build("-warnaserror");
    }

    [OneTimeTearDown]
    public void Remove() => solution.Dispose();

    [Test]
    public void The_packages_are_made_by_the_command_on_the_page() =>
        Assert.That(DocumentationPage.Blocks(Page, "sh").First(), Is.EqualTo($"dotnet pack -c Release {Reader}\n"));

    [Test]
    public void It_is_built_without_a_warning_and_trains()
    {
        Assert.That(solution.Errors(Built), Is.Empty);
        Trains(Built, "bin");
    }

    [Test]
    public void It_is_published_and_trains()
    {
        Lay(Published);
        CommandOutput published = DotnetCommand.Run(
            solution.In(Published), solution.Environment, "publish", "-c", "Release", "-o", solution.In(Published, "output"));
        Assert.That(published.ExitCode, Is.Zero, published.Output + published.Error);
        Trains(Published, "output");
    }

    [Test]
    public void A_second_import_of_the_fix_of_the_native_library_is_harmless()
    {
        Assert.That(solution.Errors(Twice), Is.Empty);
        Trains(Twice, "bin");
    }

    /// <summary>Writes the two files of the page into the folder of a new project.</summary>
    private void Lay(string name)
    {
        string project = DocumentationPage.Blocks(Page, "xml").Single()
            .Replace($"$(HOME){Reader[1..]}/artifacts/package/release", Source, StringComparison.Ordinal)
            .Replace("\"Ctc.Engine\" Version=\"0.1.0\"", $"\"Ctc.Engine\" Version=\"{BuiltPackages.All.Version}\"", StringComparison.Ordinal);
        Assert.That(project, Does.Contain(Source).And.Contain(BuiltPackages.All.Version));
        solution.Add(name, "Training.csproj");
        File.WriteAllText(solution.In(name, "Training.csproj"), project);
        File.WriteAllText(solution.In(name, "Program.cs"), DocumentationPage.Blocks(Page, "csharp").First());
    }

    private void Trains(string name, string place)
    {
        string dll = Directory.EnumerateFiles(solution.In(name, place), "Training.dll", SearchOption.AllDirectories).Single();
        CommandOutput run = DotnetCommand.Run(solution.In(name), dll);
        Assert.That(run.ExitCode, Is.Zero, run.Output + run.Error);
        Assert.That(run.Output.TrimEnd().Split('\n')[^2..], Is.EqualTo(new[] { "read 1 2 2", "read 3 4 4" }));
    }
}
