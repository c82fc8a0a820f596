using Ctc.Experiments.Pictures;
using Ctc.Experiments.Tests.Data.Common;
using Ctc.Experiments.Training;
using Ctc.Tests;
using SkiaSharp;

namespace Ctc.Experiments.Tests.Pictures;

public class TrainingCurveTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(12)]
    [TestCase(300)]
    public void Any_number_of_epochs_is_drawn(int epochs) =>
        Draws([.. Enumerable.Range(1, epochs).Select(epoch => (epoch, 20.0 / epoch, 21.0 / epoch, 1.0 / epoch))]);

    [Test]
    public void What_is_not_finite_is_left_out() =>
        Draws([(1, double.PositiveInfinity, double.NaN, double.NaN), (2, 3, double.NaN, 0.5), (3, 2, 3, 0.25)]);

    [Test]
    [Category("Slow")]
    public void A_model_that_errs_in_nothing_is_drawn() => Draws([(1, 0, 0, 0), (2, 0, 0, 0)]);

    private static void Draws(IReadOnlyList<(int Epoch, double TrainLoss, double DevLoss, double DevMetric)> epochs)
    {
        using var folder = new TemporaryFolder();
        TrainingCurve.Write(folder.In("curve.png"), epochs, new MetricValue("token error rate", "%", HigherIsBetter: false, 0));
        using SKBitmap picture = SKBitmap.Decode(folder.In("curve.png"));
        Assert.That((picture.Width, picture.Height), Is.EqualTo((TrainingCurve.Width, TrainingCurve.Height)));
        Assert.That(Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName), Is.EqualTo(new[] { "curve.png" }));
    }
}
