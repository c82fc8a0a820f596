using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>The product starts programs in two places, which demand a full path: a name alone would be searched in the working directory.</summary>
public partial class ProgramTests
{
    [Test]
    public void Programs_are_started_in_two_places()
    {
        string[] starting = [.. Repository.Sources
            .Where(file => file.StartsWith("src/", StringComparison.Ordinal) || file.StartsWith("plugins/", StringComparison.Ordinal))
            .Where(file => Repository.Lines(file).Any(line => Start().IsMatch(line)))];
        string[] known = [.. new[] { "ChildProcess", "InstalledProgram" }.Select(name => $"src/Ctc.Experiments/Processes/{name}.cs")];
        Assert.That(starting, Is.EqualTo(known));
    }

    [GeneratedRegex(@"Process\.Start\b|\bProcessStartInfo\b|new Process\b|\bexecv|\bposix_spawn")]
    private static partial Regex Start();
}
