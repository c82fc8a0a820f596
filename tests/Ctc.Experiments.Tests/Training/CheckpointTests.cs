using Ctc.Experiments.Files;
using Ctc.Experiments.Tests.Runs;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Training;

[Category("Slow")]
public class CheckpointTests
{
    [Test]
    public void A_damaged_checkpoint_is_a_sentence([Values(0, 10, 5000)] int kept)
    {
        using var folder = new TemporaryFolder();
        using var cut = new Recorder(stopAfter: 8);
        Assert.That(() => SmallExperiment.Run(folder.In("run"), cut), Throws.InstanceOf<OperationCanceledException>());
        string file = folder.In("run", "checkpoints", "last.ckpt");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..kept]);
        AssertRefused(folder, file);
    }

    [Test]
    public void One_bit_that_a_disk_has_turned_is_found([Values(100, 2000, 9000)] int position)
    {
        using var folder = new TemporaryFolder();
        using var cut = new Recorder(stopAfter: 8);
        Assert.That(() => SmallExperiment.Run(folder.In("run"), cut), Throws.InstanceOf<OperationCanceledException>());
        string file = folder.In("run", "checkpoints", "last.ckpt");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[position] ^= 0x40;
        File.WriteAllBytes(file, bytes);
        AssertRefused(folder, file);
    }

    [Test]
    public void A_missing_best_checkpoint_is_a_sentence()
    {
        using var folder = new TemporaryFolder();
        using var first = new Recorder();
        SmallExperiment.Run(folder.In("run"), first);
        File.Delete(folder.In("run", "evaluation.json"));
        File.Delete(folder.In("run", "checkpoints", "best.ckpt"));
        AssertRefused(folder, folder.In("run", "checkpoints", "best.ckpt"));
    }

    [Test]
    public void A_best_checkpoint_that_is_damaged_or_of_another_run_is_found_before_the_rest_is_trained()
    {
        using var folder = new TemporaryFolder();
        using Recorder cut = new(stopAfter: 8), other = new(stopAfter: 8);
        Assert.That(() => SmallExperiment.Run(folder.In("run"), cut), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => SmallExperiment.Run(folder.In("other"), other, "seed=2"), Throws.InstanceOf<OperationCanceledException>());
        string best = folder.In("run", "checkpoints", "best.ckpt"), foreign = folder.In("other", "checkpoints", "best.ckpt");

        File.Copy(foreign, best, overwrite: true);
        Assert.That(Refusal(folder), Does.StartWith($"{best} is of another run, ").And.EndWith(". --fresh trains again."));
        File.WriteAllText(best, "half");
        Assert.That(Refusal(folder), Does.StartWith($"{best}: ").And.EndWith("expected a checkpoint of this version. --fresh trains again."));
    }

    [Test]
    public void A_best_checkpoint_of_another_epoch_is_refused()
    {
        using var folder = new TemporaryFolder();
        using Recorder cut = new(stopAfter: 8), rest = new();
        Assert.That(() => SmallExperiment.Run(folder.In("run"), cut), Throws.InstanceOf<OperationCanceledException>());
        string best = folder.In("run", "checkpoints", "best.ckpt");
        File.Copy(best, folder.In("first"));
        SmallExperiment.Run(folder.In("run"), rest);
        File.Delete(folder.In("run", "evaluation.json"));
        int expected = rest.Epochs.Prepend(cut.Epochs[0]).MinBy(epoch => (epoch.DevTokenErrorRate, epoch.DevLoss))!.Epoch;
        Assert.That(expected, Is.GreaterThan(1));

        File.Copy(folder.In("first"), best, overwrite: true);
        Assert.That(Refusal(folder), Is.EqualTo($"{best} is of epoch 1; expected epoch {expected}, the best of the run. --fresh trains again."));
    }

    private static string Refusal(TemporaryFolder folder)
    {
        using var rest = new Recorder();
        var refused = Assert.Throws<RunFolderException>(() => SmallExperiment.Run(folder.In("run"), rest))!;
        Assert.That(rest.Steps, Is.Zero);
        return refused.Message;
    }

    private static void AssertRefused(TemporaryFolder folder, string file)
    {
        using var rest = new Recorder();
        Assert.That(
            () => SmallExperiment.Run(folder.In("run"), rest),
            Throws.TypeOf<RunFolderException>().With.Message.StartsWith($"{file}: ").And.Message.EndsWith(
                "expected a checkpoint of this version. --fresh trains again."));
    }
}
