using System.Text.RegularExpressions;

namespace Ctc.Cli.Tests;

/// <summary>The pages of the documentation, by their path relative to the repository.</summary>
internal static partial class DocumentationPage
{
    public static IEnumerable<string> All() => Directory.EnumerateFiles(CtcCommand.Repository, "*.md", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(CtcCommand.Repository, file).Replace('\\', '/'))
        .Where(file => !file.StartsWith("artifacts", StringComparison.Ordinal));

    /// <summary>The pages with a fence labelled with a language.</summary>
    public static IEnumerable<string> With(string language) => All().Where(page => Languages(page).Contains(language));

    /// <summary>The text in the fences of a page that are labelled with a language.</summary>
    public static IEnumerable<string> Blocks(string page, string language) =>
        Regex.Matches(Text(page), $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value);

    /// <summary>The label of each fence; that of a closing fence is empty.</summary>
    public static IEnumerable<string> Languages(string page) => Fence().Matches(Text(page)).Select(match => match.Groups[1].Value);

    /// <summary>The text of a file of the repository.</summary>
    public static string Text(params string[] path) => File.ReadAllText(Path.Combine([CtcCommand.Repository, .. path]));

    [GeneratedRegex("^ *```(.*)$", RegexOptions.Multiline)]
    private static partial Regex Fence();
}
