using Ctc.Experiments.Files;

namespace Ctc.Experiments.Tests.Files;

public class RefusalsTests
{
    [Test]
    public void The_first_twenty_are_named_in_one_message()
    {
        var refused = new Refusals();
        refused.Throw(); // there is none
        Assert.That(refused.TryOne(() => 7), Is.EqualTo(new[] { 7 }));
        for (int i = 1; i <= 22; i++)
        {
            Assert.That(refused.IsFull, Is.EqualTo(i > 20));
            Assert.That(refused.TryOne<int>(() => throw new InvalidDataException($"line {i}")), Is.Empty);
        }

        string named = string.Join('\n', Enumerable.Range(1, 20).Select(i => $"line {i}"));
        string whole = $"{named}\n2 more are not valid; expected valid ones.";
        Assert.That(refused.Throw, Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(whole));
    }

    [Test]
    public void Another_fault_than_of_the_input_is_passed_on() =>
        Assert.That(() => new Refusals(_ => { }).TryOne<int>(() => throw new IOException("gone")), Throws.TypeOf<IOException>());
}
