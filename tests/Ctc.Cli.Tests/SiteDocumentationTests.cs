using System.Text.RegularExpressions;

namespace Ctc.Cli.Tests;

/// <summary>The contents of the site that DocFX builds from the pages.</summary>
public partial class SiteDocumentationTests
{
    private const string Start = "docs/site/index.md"; // leads to the main README

    private static string[] Site { get; } = ["docs", "site", "pages"];

    [Test]
    public void The_contents_name_every_page_of_docs()
    {
        string folder = Path.Combine([CtcCommand.Repository, .. Site]);
        string[] named =
        [
            .. Target().Matches(DocumentationPage.Text([.. Site, "toc.yml"])).Select(match => Path.GetRelativePath(
                CtcCommand.Repository, Path.Combine(folder, match.Groups[1].Value)).Replace('\\', '/')),
        ];
        IEnumerable<string> pages = DocumentationPage.All()
            .Where(page => page.StartsWith("docs/", StringComparison.Ordinal) && !page.StartsWith("docs/decisions/", StringComparison.Ordinal));
        Assert.That(pages.Except([.. named, Start]), Is.Empty);
        Assert.That(named, Is.Unique.And.SubsetOf(DocumentationPage.All().ToArray()));
    }

    [GeneratedRegex(@"href: ([^\s}]+)")]
    private static partial Regex Target();
}
