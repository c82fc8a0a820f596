using Ctc.Experiments.Decoding;

namespace Ctc.Experiments.Tests.Decoding;

public class WeightSearchTests
{
    [TestCase(0.8, 0.4)]
    [TestCase(1.9, 2.9)]
    [TestCase(0.1, -0.9)]
    [TestCase(2.4, 3.8)] // outside the grid
    public void The_least_of_a_bowl_is_found_to_half_of_the_last_step(double weight, double bonus)
    {
        WeightSearch found = WeightSearch.Find((w, b) => Math.Pow(w - weight, 2) + (Math.Pow(b - bonus, 2) / 4));
        Assert.That(found.Weight, Is.EqualTo(weight).Within(0.04));
        Assert.That(found.Bonus, Is.EqualTo(bonus).Within(0.08));
        Assert.That(found.Count, Is.LessThanOrEqualTo(25 + (3 * 8)));
        Assert.That(found.ErrorWithout, Is.EqualTo((weight * weight) + (bonus * bonus / 4)).Within(1e-12));
    }

    [Test]
    public void Of_equal_errors_nothing_added_counts_and_no_weight_is_negative()
    {
        List<(double Weight, double Bonus)> asked = [];
        WeightSearch found = WeightSearch.Find((weight, bonus) =>
        {
            asked.Add((weight, bonus));
            return 0.25;
        });
        Assert.That((found.Weight, found.Bonus, found.Error, found.ErrorWithout), Is.EqualTo((0.0, 0.0, 0.25, 0.25)));
        Assert.That(asked, Is.Unique);
        Assert.That(asked.Select(pair => pair.Weight), Is.All.GreaterThanOrEqualTo(0));
    }
}
