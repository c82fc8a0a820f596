using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

public class MemoryTests
{
    [Test]
    [Category("Slow")]
    public void A_step_leaves_no_tensor_behind() => Train(epochs: 20);

    [Test, Category("Long"), Explicit("minutes")]
    public void Two_thousand_steps_leave_no_tensor_and_no_memory_behind()
    {
        Recorder recorder = Train(epochs: 334);
        long growth = recorder.Memory[1999] - recorder.Memory[999];
        TestContext.Out.WriteLine($"steps 1,000 to 2,000: {growth / 1048576.0:f1} MiB");
        Assert.That(growth, Is.LessThan(20_000_000));
    }

    private static Recorder Train(int epochs)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        SmallExperiment.Run(folder.In("run"), recorder, $"train.epochs={epochs}");

        // The optimiser makes its state in the first step; after that nothing may be added.
        Assert.That(recorder.LiveTensors.Skip(1), Is.All.EqualTo(recorder.LiveTensors[1]));
        return recorder;
    }
}
