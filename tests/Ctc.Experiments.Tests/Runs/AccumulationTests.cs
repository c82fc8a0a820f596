using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

[Category("Slow")]
public class AccumulationTests
{
    [TestCase("sum")]
    [TestCase("mean-utterance")]
    [TestCase("mean-token")]
    public void Accumulated_batches_train_as_one_batch_does(string reduction)
    {
        using var folder = new TemporaryFolder();
        using Recorder large = new(), small = new();
        string common = $"model.dropout=0 objective.reduction={reduction} train.learning-rate=1e-3 train.epochs=2";
        SmallExperiment.Run(folder.In("large"), large, $"{common} train.batch-size=10");
        SmallExperiment.Run(folder.In("small"), small, $"{common} train.batch-size=5 train.accumulate=2");
        foreach ((EpochMetrics expected, EpochMetrics found) in large.Epochs.Zip(small.Epochs))
        {
            Assert.That(found.TrainLoss, Is.EqualTo(expected.TrainLoss).Within(1e-4 * expected.TrainLoss));
            Assert.That(found.GradientNorm, Is.EqualTo(expected.GradientNorm).Within(1e-3 * expected.GradientNorm));
            Assert.That(found.DevLoss, Is.EqualTo(expected.DevLoss).Within(1e-4 * expected.DevLoss));
        }

        Assert.That(small.Steps, Is.EqualTo(large.Steps));
    }
}
