using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Ctc.Cli.Tests;

/// <summary>The documented projects and folders equal those of the project files.</summary>
public partial class ArchitectureDocumentationTests
{
    private const string Page = "docs/architecture.md";

    [Test]
    public void The_arrows_are_the_references_of_the_projects()
    {
        string picture = DocumentationPage.Blocks(Page, "mermaid").Single();
        Dictionary<string, string> names = Node().Matches(picture).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        string[] shown = [.. Arrow().Matches(picture).Select(match => $"{names[match.Groups[1].Value]} --> {names[match.Groups[2].Value]}")];
        Assert.That(names.Values, Is.EquivalentTo(Projects()));
        Assert.That(shown, Is.EquivalentTo(Projects().SelectMany(References)));
    }

    [TestCaseSource(nameof(Projects))]
    public void Every_project_has_a_page_that_names_its_folders_as_the_picture_does(string project)
    {
        string readme = File.ReadAllText(Path.Combine(Folder(project), "README.md"));
        string section = Section().Matches(File.ReadAllText(Path.Combine(CtcCommand.Repository, Page)))
            .Single(match => match.Groups[1].Value == project).Groups[2].Value;
        IEnumerable<string> folders = Directory.EnumerateDirectories(Folder(project))
            .Where(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Any())
            .Select(folder => Path.GetFileName(folder))
            .Where(folder => folder is not ("bin" or "obj"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Rows(readme), Is.EquivalentTo(folders), "in its README");
            Assert.That(Rows(section), Is.EquivalentTo(folders), "in the picture");
        }
    }

    private static IEnumerable<string> Projects() =>
        Directory.EnumerateFiles(Path.Combine(CtcCommand.Repository, "src"), "*.csproj", SearchOption.AllDirectories)
        .Select(file => Path.GetFileNameWithoutExtension(file));

    private static IEnumerable<string> References(string project) => XDocument.Load(Path.Combine(Folder(project), project + ".csproj"))
        .Descendants("ProjectReference")
        .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
        .SelectMany(reference => reference.Attribute("Include")!.Value.Split(';'))
        .Select(path => $"{project} --> {Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))}");

    private static string Folder(string project) => Path.Combine(CtcCommand.Repository, "src", project);

    /// <summary>The first column of the table whose header is "folder"; none without such a table.</summary>
    private static IEnumerable<string> Rows(string text) => Row().Matches(FolderTable().Match(text).Value).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"(\w+)\[""?(Ctc[\w.]*)""?\]")]
    private static partial Regex Node();

    [GeneratedRegex(@"^\s*(\w+) --> (\w+)", RegexOptions.Multiline)]
    private static partial Regex Arrow();

    [GeneratedRegex(@"^\| folder \|.*\n\|-.*\n(?:\|.*\n)+", RegexOptions.Multiline)]
    private static partial Regex FolderTable();

    [GeneratedRegex(@"^\| \[?`(\w+)`", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^### (Ctc[\w.]*)\n(.*?)(?=^##|\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();
}
