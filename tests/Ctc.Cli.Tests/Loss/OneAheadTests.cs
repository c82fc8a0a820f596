using Ctc.Cli.Commands.Loss;

namespace Ctc.Cli.Tests.Loss;

internal sealed class OneAheadTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Test]
    public void The_first_item_is_computed_before_it_is_requested_and_each_further_one_while_the_one_before_it_is_in_use()
    {
        using var computed = new SemaphoreSlim(0);
        int[] released = [0];
        IEnumerable<int> items = OneAhead.Begin(Items());

        Assert.That(computed.Wait(Long), "the first item is computed without a request");
        int expected = 0;
        foreach (int item in items)
        {
            Assert.That(item, Is.EqualTo(expected++));
            Assert.That(expected == 3 || computed.Wait(Long), "the next item is computed while this one is in use");
            Assert.That(released[0], Is.EqualTo(Math.Min(expected + 1, 3)), "one ahead, and not more");
        }

        Assert.That(expected, Is.EqualTo(3));

        IEnumerable<int> Items()
        {
            for (int i = 0; i < 3; i++)
            {
                released[0]++;
                computed.Release();
                yield return i;
            }
        }
    }

    [Test]
    public void An_exception_is_thrown_as_it_is_in_the_place_of_the_item()
    {
        IEnumerable<int> items = OneAhead.Begin(Items());
        var seen = new List<int>();

        Assert.That(() => seen.AddRange(items.Select(item => item)), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("the second"));

        static IEnumerable<int> Items()
        {
            yield return 1;
            throw new InvalidDataException("the second");
        }
    }
}
