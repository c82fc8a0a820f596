using System.Text.RegularExpressions;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary>What the documentation shows is what works.</summary>
public partial class DocumentationTests
{
    private const string Around = "name: x\ndata: { source: digit-lines, file: ../data/digits/digits.csv.gz }\nmodel: { encoder: bilstm }\n";

    [Test]
    public void The_plugin_in_the_README_is_the_sample_that_is_compiled() =>
        Assert.That(Blocks("README.md", "csharp"), Is.EqualTo(new[] { Read("samples", "HingeCtc", "Hinge.cs") }));

    [Test]
    public void The_sample_trains_from_outside_the_plugins_folder()
    {
        using var folder = new TemporaryFolder();
        string sample = Path.Combine(TestContext.CurrentContext.TestDirectory, "samples", "HingeCtc", "HingeCtc.dll");
        CommandOutput run = CtcCommand.Run(
            "run", "configs/smoke.yaml", "train.epochs=1", $"plugins=['{sample}']", "objective.weighting=[{hinge: {margin: 0.5}}]", "--output", folder.In("run"));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(File.ReadAllText(folder.In("run", "run.json")), Does.Contain("HingeCtc.dll"));
    }

    [TestCase("docs/experiments.md", "")]
    [TestCaseSource(nameof(PluginPages))]
    public void Every_experiment_shown_can_be_run(string page, string around)
    {
        string[] blocks = [.. Blocks(page, "yaml")];
        Assert.That(blocks, Is.Not.Empty);
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.In("data", "digits"));
        Directory.CreateDirectory(folder.In("configs"));
        File.Copy(Path.Combine(CtcCommand.Repository, "data", "digits", "digits.csv.gz"), folder.In("data", "digits", "digits.csv.gz"));
        foreach (string block in blocks)
        {
            File.WriteAllText(folder.In("configs", "x.yaml"), around + block);
            CommandOutput explained = CtcCommand.Run("explain", folder.In("configs", "x.yaml"));
            Assert.That((explained.ExitCode, explained.Error), Is.EqualTo((0, "")));
        }
    }

    [TestCaseSource(nameof(Pages))]
    public void Every_link_leads_somewhere(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(CtcCommand.Repository, page))!;
        IEnumerable<string> targets = Link().Matches(Read(page)).Select(match => match.Groups[1].Value).Where(target => !target.StartsWith("http", StringComparison.Ordinal));
        Assert.That(targets.Where(target => !Path.Exists(Path.Combine(folder, target.Split('#')[0]))), Is.Empty);
    }

    private static IEnumerable<string> Pages() => Directory.EnumerateFiles(CtcCommand.Repository, "*.md", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(CtcCommand.Repository, file))
        .Where(file => !file.StartsWith("artifacts", StringComparison.Ordinal));

    private static IEnumerable<object[]> PluginPages() => Pages().Where(page => page.StartsWith("plugins", StringComparison.Ordinal)).Select(page => new[] { page, Around });

    private static IEnumerable<string> Blocks(string page, string language) =>
        Regex.Matches(Read(page), $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value);

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([CtcCommand.Repository, .. path]));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
