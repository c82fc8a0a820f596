using System.Text.RegularExpressions;

namespace Ctc.Cli.Tests;

/// <summary>The layout of the pages, and the names of code in them.</summary>
public partial class ProseDocumentationTests
{
    private const int LineLength = 120;

    private static readonly string[] CodeFiles = ["*.cs", "*.csproj", "*.props", "*.targets", "PublicAPI.*.txt"];

    private static readonly string[] CodeFolders = ["src", "plugins", "samples", "templates", "tests", "bench", "build"];

    // Names of other projects and of formats, which are also set as code.
    private static readonly string[] Foreign = ["NaN", "Infinity", "ExpandProbs", "Microsoft.VisualStudio.Composition"];

    [TestCaseSource(typeof(DocumentationPage), nameof(DocumentationPage.All))]
    public void Prose_wraps_at_120_characters(string page) =>
        Assert.That(LongLines(File.ReadAllText(Path.Combine(CtcCommand.Repository, page))), Is.Empty);

    [TestCaseSource(nameof(Experiments))]
    public void Comments_of_experiments_wrap_at_120_characters(string file)
    {
        string[] lines = File.ReadAllLines(Path.Combine(CtcCommand.Repository, file));
        Assert.That(lines.Where(line => line.StartsWith('#') && line.Length > LineLength), Is.Empty);
    }

    [Test]
    public void A_long_line_of_prose_is_found_and_code_tables_and_single_links_are_not()
    {
        string words = string.Join(' ', Enumerable.Repeat("word", 30)), link = $"[{words}](https://example.org)";
        string page = $"{words}\n- {words}\n\n```\n{words}\n```\n| {words} |\n    {words}\n{link}\n- {link}.\n!{link}\nshort";
        Assert.That(LongLines(page), Is.EqualTo(new[] { $"1: {words}", $"2: - {words}" }));
    }

    [TestCaseSource(typeof(DocumentationPage), nameof(DocumentationPage.All))]
    [Category("Slow")]
    public void Types_and_members_named_on_a_page_are_in_the_code(string page)
    {
        string text = Fenced().Replace(File.ReadAllText(Path.Combine(CtcCommand.Repository, page)), "");
        IEnumerable<string> names = CodeSpan().Matches(text)
            .Select(match => match.Groups[1].Value)
            .Where(span => CodeName().IsMatch(span))
            .Except(Foreign)
            .SelectMany(span => Word().Matches(span).Select(match => match.Value))
            .Where(word => char.IsUpper(word[0]) && word.Any(char.IsLower));
        Assert.That(names.Except(Words.Value), Is.Empty);
    }

    private static readonly Lazy<HashSet<string>> Words = new(() => [.. CodeFolders
        .Select(folder => Path.Combine(CtcCommand.Repository, folder))
        .SelectMany(folder => CodeFiles.SelectMany(kind => Directory.EnumerateFiles(folder, kind, SearchOption.AllDirectories)))
        .SelectMany(file => Word().Matches(File.ReadAllText(file) + Path.GetRelativePath(CtcCommand.Repository,
            file)).Select(match => match.Value))]);

    private static IEnumerable<string> Experiments() => Directory.EnumerateFiles(Path.Combine(CtcCommand.Repository, "configs"), "*.yaml")
        .Select(file => Path.GetRelativePath(CtcCommand.Repository, file).Replace('\\', '/'));

    /// <summary>The lines of prose that are too long, with their numbers: not fenced, indented or in a table, and not a single link.</summary>
    private static IEnumerable<string> LongLines(string page)
    {
        bool fenced = false;
        foreach ((int index, string line) in page.Split('\n').Index())
        {
            string start = line.TrimStart();
            if (start.StartsWith("```", StringComparison.Ordinal)) fenced = !fenced;
            else if (
                !fenced && line.Length > LineLength && !start.StartsWith('|') && !line.StartsWith("    ", StringComparison.Ordinal)
                    && !OneLink().IsMatch(line))
            {
                yield return $"{index + 1}: {line}";
            }
        }
    }

    [GeneratedRegex(@"^\s*(?:[-*] )?\W*\[[^\]]*\]\([^)\s]*\)\W*$")]
    private static partial Regex OneLink();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex CodeSpan();

    // A C# name, optionally with members, type arguments or an argument list.
    [GeneratedRegex(@"^\.?[A-Z]\w*(?:\.\w+)*(?:<[\w<>]+>)?(?:\(.*\))?$")]
    private static partial Regex CodeName();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
