using System.Text.RegularExpressions;

namespace Ctc.Plugins.Tests;

/// <summary>Every plugin in the repository has the same files, and its names share one stem.</summary>
public class PluginFolderTests
{
    private static readonly string[] Headings = ["What it does", "Formula", "Gradient", "Options", "Neutral setting", "YAML", "Paper", "Edges"];

    private static readonly string Root = FindRoot(AppContext.BaseDirectory);

    private static IEnumerable<string> Folders =>
        Directory.GetDirectories(Path.Combine(Root, "plugins")).Select(folder => Path.GetFileName(folder))
            .Where(name => name is not ("bin" or "obj"));

    [TestCaseSource(nameof(Folders))]
    public void A_plugin_has_a_project_a_page_and_a_file_for_each_part(string folder)
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(Root, "plugins", folder)).Select(file => Path.GetFileName(file))];
        string[] parts = [.. files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal))];
        Assert.That(files.Except(parts), Is.EquivalentTo(new[] { $"{folder}.csproj", "README.md" }));
        Assert.That(parts, Is.Not.Empty);
        foreach (string file in parts) Assert.That(PartOf(folder, file), Is.Not.Null, $"{file} exports no part");
    }

    [TestCaseSource(nameof(Folders))]
    public void File_class_and_options_are_named_as_the_part(string folder)
    {
        foreach (string path in Directory.GetFiles(Path.Combine(Root, "plugins", folder), "*.cs"))
        {
            string code = File.ReadAllText(path), file = Path.GetFileName(path), stem = Pascal(PartOf(folder, file)!);
            Assert.That(file, Is.EqualTo($"{stem}.cs"));
            Assert.That(code, Does.Contain($"internal sealed class {stem}("));
            Assert.That(code, Does.Contain($"public sealed record {stem}Options"));
            Assert.That(code, Does.Contain($"namespace {folder};"));
        }
    }

    [TestCaseSource(nameof(Folders))]
    public void The_folder_and_an_experiment_bear_the_stem_of_the_first_part(string folder)
    {
        // ReweightedCtc exports reweighting, and LengthScaling exports length: the stem is their common prefix.
        string[] files = Directory.GetFiles(Path.Combine(Root, "plugins", folder), "*.cs");
        string[] parts = [.. files.Select(path => PartOf(folder, Path.GetFileName(path))!)];
        string? part = parts.SingleOrDefault(name => Pascal(name) == folder) ?? parts.SingleOrDefault(
            name => Pascal(name).Zip(folder).TakeWhile(pair => pair.First == pair.Second).Count() >= Math.Min(Pascal(name).Length, 8));
        Assert.That(part, Is.Not.Null);
        string experiment = File.ReadAllText(Path.Combine(Root, "configs", $"{part}.yaml"));
        Assert.That(experiment, Does.Contain($"\nname: {part}\n"));
        Assert.That(experiment, Does.Match($@"(- |topology: \{{ |topology: ){part}\b"));
    }

    [TestCaseSource(nameof(Folders))]
    public void The_page_has_the_same_headings(string folder)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Root, "plugins", folder, "README.md"));
        Assert.That(lines[0], Is.EqualTo($"# {folder}"));
        Assert.That(lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]), Is.EqualTo(Headings));
    }

    private static string? PartOf(string folder, string file)
    {
        MatchCollection exports = Regex.Matches(File.ReadAllText(Path.Combine(Root, "plugins", folder, file)), """\[Part\(\s*"([a-z-]+)""");
        return exports.Count == 1 ? exports[0].Groups[1].Value : null;
    }

    private static string Pascal(string name) => string.Concat(name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "CtcPlugins.sln"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("CtcPlugins.sln"));
}
