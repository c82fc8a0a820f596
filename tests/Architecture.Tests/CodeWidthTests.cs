using System.Text.RegularExpressions;

namespace Architecture.Tests;

public partial class CodeWidthTests
{
    private const int Width = 150;

    [Test]
    public void Code_wraps_at_150_characters()
    {
        Assert.That(Repository.Sources, Has.Count.GreaterThan(300));
        IEnumerable<string> wide = Repository.Sources.SelectMany(file => Repository.Lines(file)
            .Select((line, at) => (Line: line, At: at + 1))
            .Where(line => line.Line.Length > Width && !(file.StartsWith("tests/", StringComparison.Ordinal) && Quoted().IsMatch(line.Line)))
            .Select(line => $"{file}:{line.At} has {line.Line.Length} characters; expected at most {Width}"));
        Assert.That(wide, Is.Empty);
    }

    // A case of a test that is one text, such as a request in JSON or a message, is not cut.
    [GeneratedRegex("\".{60,}\"")]
    private static partial Regex Quoted();
}
