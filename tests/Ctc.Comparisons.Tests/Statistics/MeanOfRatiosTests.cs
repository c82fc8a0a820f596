using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Tests.Statistics;

public class MeanOfRatiosTests
{
    [Test]
    public void One_class_is_the_sum_of_parts_over_the_sum_of_wholes()
    {
        var rate = new MeanOfRatios([[new Tally("", 1, 4)], [new Tally("", 3, 6)]]);
        Assert.That(rate.Value, Is.EqualTo(4.0 / 10), "not the mean of 1/4 and 3/6");
        Assert.That(rate.Compute([2, 0]), Is.EqualTo(1.0 / 4));
        Assert.That(rate.Compute([1, 2]), Is.EqualTo(7.0 / 16));
    }

    [Test]
    public void Several_classes_count_alike_however_frequent_they_are()
    {
        var recall = new MeanOfRatios([[new Tally("a", 1, 1), new Tally("a", 0, 1), new Tally("b", 1, 1)], [new Tally("a", 1, 2)]]);
        Assert.That(recall.Value, Is.EqualTo((0.5 + 1) / 2));
        Assert.That(recall.Compute([0, 3]), Is.EqualTo(0.5), "b is not there");
    }

    [Test]
    public void Nothing_to_divide_by_is_NaN()
    {
        Assert.That(new MeanOfRatios([[]]).Value, Is.NaN);
        Assert.That(new MeanOfRatios([[new Tally("", 1, 0)]]).Value, Is.NaN);
        Assert.That(new MeanOfRatios([]).Value, Is.NaN);
    }
}
