using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>The product starts programs in one place, which demands a full path: a name alone would be searched in the working directory.</summary>
public partial class ProgramTests
{
    [Test]
    public void Programs_are_started_in_one_place()
    {
        string[] starting = [.. Repository.Sources
            .Where(file => file.StartsWith("src/", StringComparison.Ordinal) || file.StartsWith("plugins/", StringComparison.Ordinal))
            .Where(file => Repository.Lines(file).Any(line => Start().IsMatch(line)))];
        Assert.That(starting, Is.EqualTo(new[] { "src/Ctc.Experiments/Processes/ChildProcess.cs" }));
    }

    [GeneratedRegex(@"Process\.Start\b|\bProcessStartInfo\b|new Process\b|\bexecv|\bposix_spawn")]
    private static partial Regex Start();
}
