using Ctc.Engine.Objectives;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

[Category("Slow")]
public class DecoderRunTests
{
    [Test]
    public void The_decoder_of_the_experiment_reads_dev_and_test_and_sees_no_targets()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        Measurement test = SmallExperiment.Run(folder.In("run"), recorder, "objective.decoder=constant train.epochs=1").Test;
        Assert.That(test.Utterances.Select(utterance => utterance.Hypothesis), Is.All.EqualTo(new[] { "0" }));
        Assert.That(recorder.Epochs[0].DevTokenErrorRate, Is.InRange(0.5, 1.0), "a token right at the most of two or three");
    }

    [Test]
    public void A_decoder_that_reads_no_token_of_targets_is_named()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        Assert.That(
            () => SmallExperiment.Run(folder.In("run"), recorder, "objective.decoder=blank train.epochs=1"),
            Throws.InstanceOf<PartException>().With.Message.Match(
                @"^The part 'blank' failed: it reads the token 0 in utterance \S+; expected tokens in \[0, 11\) other than the blank, 0\.$"));
    }
}
