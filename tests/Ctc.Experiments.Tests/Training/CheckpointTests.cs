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

    private static void AssertRefused(TemporaryFolder folder, string file)
    {
        using var rest = new Recorder();
        Assert.That(
            () => SmallExperiment.Run(folder.In("run"), rest),
            Throws.TypeOf<RunFolderException>().With.Message.StartsWith($"{file}: ").And.Message.EndsWith(
                "expected a checkpoint of this version. --fresh trains again."));
    }
}
