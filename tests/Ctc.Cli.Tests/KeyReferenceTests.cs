using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Ctc.Cli.Tests;

/// <summary>The page of keys is what the command prints, and has every key that occurs in an experiment of the repository.</summary>
public partial class KeyReferenceTests
{
    private const string Page = "docs/keys.md";

    [Test]
    [Category("Slow")]
    public void The_page_is_the_output_of_the_command()
    {
        CommandOutput printed = CtcCommand.Run("explain", "--keys", "--markdown");
        Assert.That((printed.ExitCode, printed.Error), Is.EqualTo((0, "")));
        Assert.That(DocumentationPage.Text(Page), Is.EqualTo(printed.Output), $"ctc explain --keys --markdown > {Page}");
    }

    [TestCaseSource(nameof(Experiments))]
    public void Every_key_of_an_experiment_is_on_the_page(string file)
    {
        string text = DocumentationPage.Text(Page);
        HashSet<string> sections = [.. Section().Matches(text).Select(match => match.Groups[1].Value)];
        sections.UnionWith(Selector().Matches(text).Select(match => match.Groups[1].Value));
        HashSet<string> keys = [.. Row().Matches(text).Select(match => match.Groups[1].Value)];
        using var reader = new StringReader(File.ReadAllText(Path.Combine(CtcCommand.Repository, "configs", file)));
        var yaml = new YamlStream();
        yaml.Load(reader);
        var experiment = (YamlMappingNode)yaml.Documents[0].RootNode;
        string[] missing = [.. experiment.Children
            .Where(entry => Text(entry.Key) != "sweep")
            .SelectMany(entry => Keys(entry.Value).Prepend(Text(entry.Key)))
            .Where(key => !keys.Contains(key) && !sections.Contains(key))
            .Distinct()];
        Assert.That(missing, Is.Empty);
    }

    [TestCase("explain", "--keys", "configs/plain.yaml", ExpectedResult = "ctc: --keys takes no CONFIG; expected one of the two.\n")]
    [TestCase("explain", ExpectedResult = "ctc: Expected CONFIG, or --keys.\n")]
    [TestCase("explain", "configs/plain.yaml", "--markdown", ExpectedResult = "ctc: --markdown is an option of --keys; expected both.\n")]
    public string An_experiment_and_the_list_of_keys_exclude_each_other(params string[] arguments)
    {
        CommandOutput refused = CtcInProcess.Run(arguments);
        Assert.That((refused.ExitCode, refused.Output), Is.EqualTo((2, "")));
        return refused.Error;
    }

    private static IEnumerable<string?> Experiments() =>
        Directory.EnumerateFiles(Path.Combine(CtcCommand.Repository, "configs"), "*.yaml").Select(Path.GetFileName);

    private static IEnumerable<string> Keys(YamlNode node) => node switch
    {
        YamlMappingNode mapping => mapping.Children.SelectMany(entry => Keys(entry.Value).Prepend(Text(entry.Key))),
        YamlSequenceNode list => list.Children.SelectMany(Keys),
        _ => [],
    };

    private static string Text(YamlNode key) => ((YamlScalarNode)key).Value!;

    [GeneratedRegex(@"^##+ `([^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^Written `\w+: \{ (\w+): NAME", RegexOptions.Multiline)]
    private static partial Regex Selector();

    [GeneratedRegex(@"^\| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
