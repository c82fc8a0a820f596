using Ctc.Cli.Tests;
using Ctc.Tests;

namespace Packages.Tests;

/// <summary>Projects outside the repository, each in a folder with its own package source, restored and built by one command.</summary>
/// <remarks>
/// Everything but their package sources is in the cache, as on a machine that has built this repository and has no network. libtorch is linked: a
/// copy is half a gigabyte.
/// </remarks>
internal sealed class OutsideSolution : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> projects = [];
    private CommandOutput? built;

    public OutsideSolution() => Environment = new Dictionary<string, string>
    {
        ["NUGET_PACKAGES"] = folder.In("cache"),
        ["NUGET_FALLBACK_PACKAGES"] = PackageFolder.Cache,
        ["CreateSymbolicLinksForCopyLocalIfPossible"] = "true",
    };

    /// <summary>The environment of its builds.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>A path in the folder of a project.</summary>
    public string In(string name, params string[] path) => folder.In([name, .. path]);

    /// <summary>Adds a project, whose files the caller writes into its folder.</summary>
    /// <param name="name">The name of its folder.</param>
    /// <param name="file">The name of the project file.</param>
    /// <param name="source">The folder of its packages; null for none but those that the project names.</param>
    public void Add(string name, string file, string? source = null)
    {
        projects.Add(name, file);
        Directory.CreateDirectory(In(name));
        string packages = source is null ? "" : $"<add key=\"packages\" value=\"{source}\" />";
        File.WriteAllText(In(name, "nuget.config"), $"<configuration><packageSources><clear />{packages}</packageSources></configuration>");
    }

    /// <summary>Builds all projects; one that cannot be built does not keep the others from it.</summary>
    public void Build(params string[] how)
    {
        IEnumerable<string> entries = projects.Select(project =>
            $"<Folder Name=\"/{project.Key}/\"><Project Path=\"{project.Key}/{project.Value}\" /></Folder>");
        File.WriteAllText(folder.In("Outside.slnx"), $"<Solution>{string.Concat(entries)}</Solution>");
        built = DotnetCommand.Run(folder.Path, Environment, ["build", "-c", "Release", "-m:1", "-clp:EnableMPLogging", .. how]);
    }

    /// <summary>The errors of a project, one a line; empty if it was built.</summary>
    public string Errors(string name)
    {
        string project = In(name, projects[name]), output = built!.Output + built.Error;
        bool IsError(string line) => line.Contains(": error ", StringComparison.Ordinal) && line.Contains(project, StringComparison.Ordinal);
        string errors = string.Join('\n', output.Split('\n').Where(IsError).Distinct());
        if (errors.Length == 0) Assert.That(output, Does.Contain($" -> {In(name)}"), "neither built nor refused");
        return errors;
    }

    public void Dispose() => folder.Dispose();
}
