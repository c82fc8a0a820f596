using System.Text.Json.Nodes;
using Ctc.Cli.Tests;
using Ctc.Tests;

namespace Packages.Tests;

/// <summary>An empty folder outside the repository, and the packages of this build, packed as on the page.</summary>
/// <remarks>
/// Installations use a separate home folder. The only package source is that of a created project: everything else is in the
/// cache, as on a machine that has built this repository and has no network.
/// </remarks>
internal sealed class TemplateFolder : IDisposable
{
    private const string Clone = "~/CtcPlugins"; // the path of the clone on every page

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public TemplateFolder()
    {
        environment = new()
        {
            ["DOTNET_CLI_HOME"] = folder.In("home"),
            ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
            ["NUGET_PACKAGES"] = folder.In("cache"),
            ["NUGET_FALLBACK_PACKAGES"] = PackageFolder.Cache,
        };
        File.WriteAllText(folder.In("nuget.config"), "<configuration><packageSources><clear /></packageSources></configuration>");
        Directory.CreateDirectory(folder.In("empty"));
    }

    /// <summary>Gets the choices of the template, by name.</summary>
    public static string[] Choices { get; } = [.. Settings()["symbols"]!["part"]!["choices"]!.AsArray().Select(choice => (string)choice!["choice"]!)];

    public string In(params string[] path) => folder.In(["empty", .. path]);

    /// <summary>Gets the names of the packed packages, without versions.</summary>
    public IEnumerable<string> Packed => Directory.EnumerateFiles(BuiltPackages.All.Place, "*.nupkg")
        .Select(file => Path.GetFileName(file).Replace($".{BuiltPackages.All.Version}.nupkg", "", StringComparison.Ordinal));

    /// <summary>Runs lines of a page in order, until one fails.</summary>
    /// <param name="start">The working folder of the first line.</param>
    /// <param name="lines">Programs with arguments without spaces; or <c>cd</c> and a folder.</param>
    /// <returns>The output of each line.</returns>
    public Dictionary<string, CommandOutput> Type(string start, IEnumerable<string> lines)
    {
        var outputs = new Dictionary<string, CommandOutput>();
        string place = start;
        foreach (string line in lines)
        {
            string[] words = line.Replace(Clone, BuiltPackages.Clone, StringComparison.Ordinal).Split(' ');
            if (words[0] == "cd")
            {
                place = Path.Combine(place, words[1]);
                continue;
            }

            CommandOutput output = words[0] switch
            {
                "dotnet" => DotnetCommand.Run(place, environment, words[1..]),
                "ctc" => CtcCommand.RunIn(place, words[1..]),
                _ => throw new AssertionException($"'{line}' is no line that a reader can type; expected dotnet, ctc or cd"),
            };
            Assert.That(output.ExitCode, Is.Zero, $"{line}\n{output.Output}{output.Error}");
            outputs.Add(line, output);
        }

        return outputs;
    }

    /// <summary>A line that creates a plugin.</summary>
    public static string Create(string name, string choice) =>
        $"dotnet new ctc-plugin --name {name} --part {choice} --source {Clone}/artifacts/package/release";

    public void Dispose() => folder.Dispose();

    private static JsonNode Settings() => JsonNode.Parse(File.ReadAllText(
        Path.Combine(CtcCommand.Repository, "templates", "ctc-plugin", ".template.config", "template.json")))!;
}
