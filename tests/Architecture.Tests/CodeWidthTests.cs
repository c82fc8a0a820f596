namespace Architecture.Tests;

public class CodeWidthTests
{
    private const int Width = 150;

    [Test]
    public void Code_wraps_at_150_characters()
    {
        Assert.That(Repository.Sources, Has.Count.GreaterThan(300));
        IEnumerable<string> wide = Repository.Sources.SelectMany(file => Repository.Lines(file)
            .Select((line, at) => (Line: line, At: at + 1))
            .Where(line => line.Line.Length > Width)
            .Select(line => $"{file}:{line.At} has {line.Line.Length} characters; expected at most {Width}"));
        Assert.That(wide, Is.Empty);
    }
}
