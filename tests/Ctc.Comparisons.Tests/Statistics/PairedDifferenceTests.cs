using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Tests.Statistics;

public class PairedDifferenceTests
{
    // Student's own example: hours of sleep gained by ten patients under two drugs (Biometrika 6, 1908; the data set "sleep" of R).
    private static readonly double[] OneDrug = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    private static readonly double[] OtherDrug = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    [Test]
    public void Students_example_has_the_published_p_and_interval()
    {
        PairedDifference difference = PairedDifference.FromPairs([.. OneDrug.Zip(OtherDrug)]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(difference.Sample.Mean, Is.EqualTo(-1.58).Within(1e-12));
            Assert.That(difference.P, Is.EqualTo(0.00283289019738427).Within(1e-12), "scipy 1.10, ttest_rel; R prints 0.002833");
            Assert.That(difference.Sample.Interval!.Value.Low, Is.EqualTo(-2.459885763254729).Within(1e-9), "scipy 1.10; R prints -2.4598858");
            Assert.That(difference.Sample.Interval!.Value.High, Is.EqualTo(-0.7001142367452712).Within(1e-9), "R prints -0.7001142");
        }
    }

    [Test]
    public void Five_seeds_agree_with_another_implementation()
    {
        PairedDifference difference =
            PairedDifference.FromPairs((0.0412, 0.0460), (0.0398, 0.0431), (0.0451, 0.0440), (0.0377, 0.0465), (0.0420, 0.0458));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(difference.P, Is.EqualTo(0.06860887934048557).Within(1e-12), "scipy 1.10, ttest_rel");
            Assert.That(difference.Sample.Interval!.Value.Low, Is.EqualTo(-0.008318190518976015).Within(1e-11));
            Assert.That(difference.Sample.Interval!.Value.High, Is.EqualTo(0.0004781905189760183).Within(1e-11));
        }
    }

    // With two pairs Student's distribution has one degree of freedom and is Cauchy's: p = 1 − (2/π) atan |t|, and t = 3 here.
    [Test]
    public void Two_pairs_have_a_closed_form()
    {
        PairedDifference difference = PairedDifference.FromPairs((3, 2), (5, 3));
        Assert.That(difference.P, Is.EqualTo(1 - (2 / Math.PI * Math.Atan(3))).Within(1e-12));
        Assert.That(difference.Sample.Interval!.Value.HalfWidth, Is.EqualTo(0.5 * Math.Tan(0.475 * Math.PI)).Within(1e-9));
    }

    [Test]
    public void Swapping_the_two_turns_the_sign_and_nothing_else()
    {
        PairedDifference forth = PairedDifference.FromPairs([.. OneDrug.Zip(OtherDrug)]);
        PairedDifference back = PairedDifference.FromPairs([.. OtherDrug.Zip(OneDrug)]);
        Assert.That((back.P, back.Sample.Mean), Is.EqualTo((forth.P, -forth.Sample.Mean)));
    }

    [Test]
    public void One_pair_has_neither_interval_nor_p()
    {
        PairedDifference difference = PairedDifference.FromPairs((0.04, 0.05));
        Assert.That((difference.Sample.Interval, difference.P), Is.EqualTo(((Interval?)null, (double?)null)));
    }

    [Test]
    public void The_same_results_under_every_seed_are_no_difference()
    {
        PairedDifference difference = PairedDifference.FromPairs((0.04, 0.04), (0.05, 0.05), (0.06, 0.06));
        Assert.That((difference.Sample.Mean, difference.Sample.Interval, difference.P), Is.EqualTo((0, (Interval?)null, (double?)1)));
    }

    // 0.3 − 0.1 and 0.5 − 0.3 differ in the last bit: taken for spread, that would be t = 10¹⁶.
    [Test]
    public void One_difference_under_every_seed_is_not_tested()
    {
        PairedDifference difference = PairedDifference.FromPairs((0.3, 0.1), (0.5, 0.3), (0.2, 0.0));
        Assert.That((difference.Sample.Deviation, difference.Sample.Interval, difference.P), Is.EqualTo((0, (Interval?)null, (double?)null)));
        Assert.That(difference.Sample.Mean, Is.EqualTo(0.2).Within(1e-15));
    }

    [Test]
    public void No_pairs_are_refused() =>
        Assert.That(() => PairedDifference.FromPairs(), Throws.ArgumentException.With.Message.StartsWith("There are no values"));
}
