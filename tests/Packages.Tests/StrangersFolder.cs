using Ctc.Cli.Tests;

namespace Packages.Tests;

/// <summary>
/// Copies of samples/Morse in a folder outside the repository, each with a package source that has only the contract, and all built at once.
/// </summary>
internal sealed class StrangersFolder : IDisposable
{
    private const string Project = "Morse.csproj";

    private readonly OutsideSolution solution = new();

    public string In(string stranger, params string[] path) => solution.In(stranger, path);

    /// <summary>The DLL that a stranger builds.</summary>
    public string Dll(string stranger) => In(stranger, "bin", "Release", "net10.0", "Morse.dll");

    /// <summary>Adds a stranger who has the contract of this build.</summary>
    public void Add(string stranger)
    {
        BuiltPackages.Copy(Source(stranger), "Ctc.Abstractions");
        Lay(stranger, BuiltPackages.All.Version);
    }

    /// <summary>Adds a stranger who has the engine too, and references it in addition to the contract.</summary>
    public void AddWithEngine(string stranger)
    {
        Add(stranger);
        BuiltPackages.Copy(Source(stranger), "Ctc.Engine");
        Insert(stranger, "ItemGroup", $"<PackageReference Include=\"Ctc.Engine\" Version=\"{BuiltPackages.All.Version}\" />");
    }

    /// <summary>Adds a stranger who has a build of the contract with another assembly version, which is its name.</summary>
    public void AddWithContract(string version)
    {
        var packages = new PackageFolder(Source(version));
        string[] how = [$"-p:Version={version}", $"-p:ArtifactsPath={In("artifacts", version)}", "-p:RunAnalyzers=false"];
        CommandOutput packed = packages.Pack(Path.Combine("src", "Ctc.Abstractions"), how);
        Assert.That(packed.ExitCode, Is.Zero, packed.Output + packed.Error);
        Lay(version, packages.Version);
    }

    /// <summary>Writes a file that the build copies beside the plugin.</summary>
    public void Ship(string stranger, string file)
    {
        File.WriteAllText(In(stranger, file), "a copy");
        Insert(stranger, "ItemGroup", $"<None Include=\"{file}\" CopyToOutputDirectory=\"Always\" />");
    }

    /// <summary>Inserts text at the end of a group of the project file.</summary>
    public void Insert(string stranger, string group, string text)
    {
        string project = File.ReadAllText(In(stranger, Project)), end = $"</{group}>";
        Assert.That(project, Does.Contain(end));
        File.WriteAllText(In(stranger, Project), project.Replace(end, text + end, StringComparison.Ordinal));
    }

    // Their sources are in nuget.config, not where the project of the sample says.
    public void Build() => solution.Build("-p:RestoreAdditionalProjectSources=");

    /// <inheritdoc cref="OutsideSolution.Errors"/>
    public string Errors(string stranger) => solution.Errors(stranger);

    public void Dispose() => solution.Dispose();

    private string Source(string stranger) => In("sources", stranger);

    private void Lay(string stranger, string version)
    {
        solution.Add(stranger, Project, Source(stranger));
        string sample = Path.Combine(CtcCommand.Repository, "samples", "Morse");
        foreach (string file in Directory.EnumerateFiles(sample)) File.Copy(file, In(stranger, Path.GetFileName(file)));
        string project = File.ReadAllText(In(stranger, Project));
        Assert.That(project, Does.Contain("Version=\"0.1.0\""));
        File.WriteAllText(In(stranger, Project), project.Replace("Version=\"0.1.0\"", $"Version=\"{version}\"", StringComparison.Ordinal));
    }
}
