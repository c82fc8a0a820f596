using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class ClassRarityTests
{
    // Token 1 occurs four times, token 2 once.
    private static readonly long[][] Training = [[1, 1], [1, 1], [2], []];

    [Test]
    public void Rare_tokens_weigh_more_and_the_mean_over_the_training_set_is_one()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        double[] weights = Weigh("power: 1", Training, new Batch([[1, 1], [1, 1], [2], []], [4, 4, 4, 4], tokens: 4));
        double mean = (0.25 + 0.25 + 1) / 3;
        Assert.That(weights, Is.EqualTo(new[] { 0.25 / mean, 0.25 / mean, 1 / mean, 1 }).Within(1e-12));
        Assert.That(weights[..3].Average(), Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void The_tokens_of_a_target_are_averaged_and_new_ones_count_as_seen_once()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        double[] weights = Weigh("power: 0.5", Training, new Batch([[1, 2], [3]], [4, 4], tokens: 4));
        double mean = (0.5 + 0.5 + 1) / 3;
        Assert.That(weights, Is.EqualTo(new[] { 0.75 / mean, 1 / mean }).Within(1e-12));
    }

    [Test]
    public void Without_a_training_set_every_weight_is_one()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.That(Weigh("power: 1", null, new Batch([[1], [2]], [4, 4], tokens: 4)), Is.EqualTo(new[] { 1.0, 1 }));
    }

    // The loss of a batch is its plain loss times the weights.
    private static double[] Weigh(string options, long[][]? training, Batch batch)
    {
        using var rarity =
            new Objective(new ObjectiveParts { Weighting = [DiscoveredPart.Create<ILossWeighting>("class-rarity", options)] }, Reduction.None);
        using var plain = new Objective(new ObjectiveParts(), Reduction.None);
        if (training is not null) rarity.Begin(new TrainingSet(training, [.. training.Select(_ => 4L)], batch.Vocabulary));
        Tensor logits = torch.randn([4, batch.Size, batch.Tokens], torch.float64, generator: new torch.Generator(1));
        return [.. (rarity.Evaluate(logits, batch).Loss / plain.Evaluate(logits, batch).Loss).data<double>()];
    }
}
