using Ctc.Engine.Objectives;
using Ctc.Experiments.Encoders;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

/// <summary>The note about too many or too few frames for each token.</summary>
[NonParallelizable] // The weights come from the global generator.
public class FramesPerTokenTests
{
    [TestCase(120, 1, "Note: 12.0 output frames for each token of the training targets; more than 10 can keep a model at blanks for many " +
        "epochs. A model.stride (bilstm, conv, crnn, tdnn) that joins 3 times as many helps; docs/data.md has a recipe.")]
    [TestCase(120, 3, null)]
    [TestCase(100, 1, null)]
    [TestCase(20, 1, null)]
    [TestCase(19, 1, "Note: 1.9 output frames for each token of the training targets; fewer than 2 leave no frames for blanks. " +
        "A smaller model.stride, or a larger data.height of images, gives more.")]
    [TestCase(0, 1, "Note: 0.0 output frames for each token of the training targets; fewer than 2 leave no frames for blanks. " +
        "A smaller model.stride, or a larger data.height of images, gives more.")]
    public void The_ratio_is_that_of_the_output(int frames, int stride, string? concern) =>
        Assert.That(Concern(stride, Line(frames, 10), Line(500, 0)), Is.EqualTo(concern));

    [Test]
    public void Targets_without_tokens_have_no_ratio() => Assert.That(Concern(1, Line(500, 0)), Is.Null);

    [TestCase(12.04, 0.86, "12.0 frames a token, 2 to 10 learn")]
    [TestCase(12, 0.49, null)]
    [TestCase(1.9, 1, "1.9 frames a token, 2 to 10 learn")]
    [TestCase(10, 1, null)]
    [TestCase(double.NaN, 1, null)]
    public void The_line_of_an_epoch_says_so_until_the_model_reads(double ratio, double errors, string? concern) =>
        Assert.That(new EpochMetrics(1, 0, 0, errors, 0, 0, 0) { FramesPerToken = ratio }.FramesConcern, Is.EqualTo(concern));

    private static string? Concern(int stride, params Utterance[] lines)
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = new Conv(new ConvOptions { Hidden = 4, Layers = 1, Stride = stride }).Build(2, 3);
        using var objective = new Objective(new ObjectiveParts());
        var setup = new Setup(new Dataset(new Alphabet(["a", "b"]), 2, lines, lines, lines), network, objective, torch.CPU);
        return FramesPerToken.FindConcern(FramesPerToken.Measure(setup));
    }

    private static Utterance Line(int frames, int tokens) =>
        new("x", new float[2 * frames], frames, [.. Enumerable.Range(0, tokens).Select(u => 1L + (u % 2))]);
}
