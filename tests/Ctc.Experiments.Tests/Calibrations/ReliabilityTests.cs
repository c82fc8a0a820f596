using Ctc.Experiments.Calibrations;

namespace Ctc.Experiments.Tests.Calibrations;

public class ReliabilityTests
{
    [Test]
    public void The_expected_calibration_error_is_the_mean_distance_of_bins()
    {
        // Bin 0.9 to 1: 0.9, 1 and 0.95 with the mean 0.95, 2 of 3 right. Bin 0.2 to 0.3: 0.2 and 0.25, none right.
        Reliability measured = Reliability.Measure([new(0.9, true), new(0.2, false), new(1, true), new(0.25, false), new(0.95, false)]);
        Assert.That(measured.Bins.Select(bin => bin.Count), Is.EqualTo(new[] { 0, 0, 2, 0, 0, 0, 0, 0, 0, 3 }));
        Assert.That(measured.Bins[2], Is.EqualTo(new ReliabilityBin(2, 0.225, 0)));
        Assert.That(measured.Bins[9].Share, Is.EqualTo(2 / 3.0).Within(1e-15));
        Assert.That(measured.ExpectedCalibrationError, Is.EqualTo(((3 * (0.95 - (2 / 3.0))) + (2 * 0.225)) / 5).Within(1e-15));
    }

    [Test]
    public void Shares_equal_to_confidences_have_no_error()
    {
        JudgedConfidence[] all = [.. Enumerable.Range(0, 4).Select(i => new JudgedConfidence(0.75, i < 3)), new(1, true), new(0, false)];
        Assert.That(Reliability.Measure(all).ExpectedCalibrationError, Is.Zero);
    }

    [Test]
    public void Nothing_has_no_error() => Assert.That(Reliability.Measure([]).ExpectedCalibrationError, Is.NaN);

    [Test]
    public void Discrimination_is_the_share_of_pairs_in_order()
    {
        // Eight pairs of a right and a wrong one; an equal pair counts half.
        JudgedConfidence[] all = [new(0.9, true), new(0.5, true), new(0.5, false), new(0.7, false), new(0.8, true), new(0.6, true)];
        double inOrder = 2 + 0.5 + 0 + 2 + 1; // of 0.9, of 0.5 (equal to one, below the other), of 0.8, of 0.6
        Assert.That(JudgedConfidence.Discrimination(all), Is.EqualTo(inOrder / 8));
        Assert.That(JudgedConfidence.Discrimination([new(0.3, true)]), Is.NaN);
    }
}
