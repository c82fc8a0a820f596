using Ctc.Experiments.Alignments;

namespace Ctc.Experiments.Tests.Alignments;

public class BoundaryErrorTests
{
    [Test]
    public void Errors_are_found_minus_true_in_input_frames()
    {
        // Output frames of two input frames each: 4 to 6 and 12 to 14 were found, 3 to 9 and 12 to 13 are true.
        double[] errors = BoundaryError.Signed([new(2, 3), new(6, 7)], [new(3, 9), new(12, 13)], inputFrames: 2);
        Assert.That(errors, Is.EqualTo(new double[] { 1, -3, 0, 1 }));
    }

    [Test]
    public void Median_and_percentile_are_of_sizes_and_the_mean_is_of_signs()
    {
        // Sizes 0, 1, 1, 3: the median lies midway between two ones, the 90th percentile 0.7 of the way from 1 to 3.
        Assert.That(BoundaryError.FromDifferences([1, -3, 0, 1])!.Median, Is.EqualTo(1));
        Assert.That(BoundaryError.FromDifferences([1, -3, 0, 1])!.P90, Is.EqualTo(2.4).Within(1e-15));
        Assert.That(BoundaryError.FromDifferences([1, -3, 0, 1])!.MeanSigned, Is.EqualTo(-0.25));
        Assert.That(BoundaryError.FromDifferences([1, -4])!.Median, Is.EqualTo(2.5));
        Assert.That(BoundaryError.FromDifferences([-2]), Is.EqualTo(new BoundaryError(2, 2, -2)));
    }

    [Test]
    public void Nothing_has_no_error() => Assert.That(BoundaryError.FromDifferences([]), Is.Null);

    [Test]
    public void Errors_are_summarized_in_a_sentence()
    {
        Assert.That(
            BoundaryError.Describe([10, -20, 0, 60], areTimes: true),
            Is.EqualTo("4 edges with a known truth: error 15.0 ms (median), 22.5 (mean), 48.0 (90 %); 50.0 / 75.0 / 75.0 % within 10 / 20 / 50 ms; "
                + "bias +12.5 ms"));
        Assert.That(
            BoundaryError.Describe([-0.5, -2.5], areTimes: false),
            Is.EqualTo("2 edges with a known truth: error 1.5 frames (median), 1.5 (mean), 2.3 (90 %); 50.0 / 50.0 / 100.0 % within 1 / 2 / 5 frames; "
                + "bias -1.5 frames"));
        Assert.That(BoundaryError.Describe([], areTimes: true), Is.Null);
    }
}
