using Ctc.Cli.Tests;
using Ctc.Tests;

namespace Packages.Tests;

/// <summary>An empty folder outside the repository, in which a reader types the commands of a page.</summary>
/// <remarks>
/// Installations use a separate home folder. There is no package source but that of a created project: everything else is in the
/// cache, as on a machine that has built this repository and has no network.
/// </remarks>
internal sealed class ReaderFolder : IDisposable
{
    /// <summary>The path of the clone on every page.</summary>
    public const string Clone = "~/CtcPlugins";

    private readonly TemporaryFolder folder = Create();

    /// <summary>Gets the environment of the SDK.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["DOTNET_CLI_HOME"] = Home,
        ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        ["NUGET_PACKAGES"] = folder.In("cache"),
        ["NUGET_FALLBACK_PACKAGES"] = PackageFolder.Cache,
    };

    /// <summary>Gets or sets what executes <c>ctc</c> in a folder; by default the command of this build.</summary>
    public Func<string, string[], CommandOutput> Ctc { get; set; } = CtcCommand.RunIn;

    /// <summary>Gets the home folder of the SDK.</summary>
    public string Home => folder.In("home");

    /// <summary>A path in the folder.</summary>
    public string In(params string[] path) => folder.In(["empty", .. path]);

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
                "dotnet" => DotnetCommand.Run(place, Environment, words[1..]),
                "ctc" => Ctc(place, words[1..]),
                _ => throw new AssertionException($"'{line}' is no line that a reader can type; expected dotnet, ctc or cd"),
            };
            Assert.That(output.ExitCode, Is.Zero, $"{line}\n{output.Output}{output.Error}");
            outputs.Add(line, output);
        }

        return outputs;
    }

    public void Dispose() => folder.Dispose();

    private static TemporaryFolder Create()
    {
        var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("nuget.config"), "<configuration><packageSources><clear /></packageSources></configuration>");
        Directory.CreateDirectory(folder.In("empty"));
        return folder;
    }
}
