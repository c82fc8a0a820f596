using Ctc.Experiments.Runs;
using Ctc.Tests;
using Ctc.Experiments.Tests.Runs;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

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

        using var rest = new Recorder();
        Assert.That(
            () => SmallExperiment.Run(folder.In("run"), rest),
            Throws.TypeOf<RunFolderException>().With.Message.StartsWith($"{file}: ").And.Message.EndsWith("expected a checkpoint of this version. Delete it to start again."));
    }
}
