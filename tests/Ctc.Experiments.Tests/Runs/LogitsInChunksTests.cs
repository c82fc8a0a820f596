using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

[Category("Slow")]
public class LogitsInChunksTests
{
    [TestCase("seed=1")]
    [TestCase("train.accumulate=2 model.dropout=0")]
    [TestCase("model.encoder=conv model.layers=2")]
    [TestCase("model.layers=2 model.middle=1 objective.heads=[{\"middle\":{}}]")]
    public void Training_in_chunks_gives_the_numbers_of_training_with_one_tensor(string change)
    {
        using var folder = new TemporaryFolder();
        using Recorder whole = new(), chunks = new();
        string common = $"{change} train.epochs=2 train.batch-size=5";
        SmallExperiment.Run(folder.In("whole"), whole, $"{common} train.logits=whole");
        SmallExperiment.Run(folder.In("chunks"), chunks, $"{common} train.logits=chunks");
        Assert.That(chunks.Epochs, Has.Count.EqualTo(2));
        foreach ((EpochMetrics expected, EpochMetrics found) in whole.Epochs.Zip(chunks.Epochs))
        {
            Assert.That(found.TrainLoss, Is.EqualTo(expected.TrainLoss).Within(1e-4 * expected.TrainLoss));
            Assert.That(found.GradientNorm, Is.EqualTo(expected.GradientNorm).Within(1e-3 * expected.GradientNorm));
            Assert.That(found.DevLoss, Is.EqualTo(expected.DevLoss).Within(1e-4 * expected.DevLoss));
        }
    }

    [Test]
    public void Chunks_that_are_not_possible_end_the_training()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        Assert.That(
            () => SmallExperiment.Run(folder.In("run"), recorder, "objective.auxiliary=[comparing] train.views=2 train.logits=chunks"),
            Throws.TypeOf<TrainingException>().With.Message.Contains("(train.logits)").And.Message.Contains("may read all logits; choose auto or whole"));
    }
}
