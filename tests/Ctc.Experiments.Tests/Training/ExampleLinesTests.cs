using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

/// <summary>Which lines of the dev set are shown, after which epochs.</summary>
public class ExampleLinesTests
{
    private static readonly UtteranceResult[] Dev =
        [Read("empty", ""), Read("one", "a"), Read("two", "b"), Read("three", "c")];

    [Test]
    public void After_every_so_many_epochs_the_same_lines_are_shown()
    {
        var examples = new ExampleLines(3);
        int[] shown = [.. Enumerable.Range(1, 10).Where(epoch => examples.Choose(epoch, Dev).Length > 0)];
        Assert.That(shown, Is.EqualTo(new[] { 3, 6, 9 }));
        Assert.That(examples.Choose(9, Dev).Select(line => line.Id), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public void Zero_is_never() => Assert.That(Enumerable.Range(1, 10).SelectMany(epoch => new ExampleLines(0).Choose(epoch, Dev)), Is.Empty);

    [TestCase(1, ExpectedResult = 1)]
    [TestCase(3, ExpectedResult = 3)]
    [TestCase(10, ExpectedResult = 5)]
    [TestCase(12, ExpectedResult = 4)]
    [TestCase(1000, ExpectedResult = 5)]
    public int By_default_they_are_shown_five_times_at_most(int epochs)
    {
        var examples = ExampleLines.Spread(epochs);
        return Enumerable.Range(1, epochs).Count(epoch => examples.Choose(epoch, Dev).Length > 0);
    }

    [Test]
    public void A_training_of_any_length_has_examples() =>
        Assert.That(ExampleLines.Spread(int.MaxValue).Choose(429_496_730, Dev), Is.Not.Empty);

    private static UtteranceResult Read(string id, string text) => new(id, [text], [text], 0, text.Length, null);
}
