using Ctc.Configuration.Schema;
using Ctc.Configuration;
using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions.Transducer;
using Ctc.Experiments;
using Ctc.Hosting;
using Ctc.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Plugins.Tests;

/// <summary>The code of docs/library.md, which is compared with this file, compiled and run.</summary>
[NoTensorLeaks]
public class LibraryTests
{
    private static readonly IReadOnlyList<long[]> Targets = [[1, 2, 2], [3], [4, 4, 4, 4, 4]]; // the last needs nine frames
    private static readonly long[] Frames = [8, 5, 8];

    [Test]
    public void A_transducer()
    {
        using DisposeScope outer = torch.NewDisposeScope();
        Tensor joint = torch.randn([2, 8, 4, 5], generator: new torch.Generator(1)).requires_grad_();

        var batch = new Batch([[1, 2, 2], [3]], frames: [8, 5], tokens: 5); // token 0 is the blank
        Tensor loss = -TransducerRecursion.LogLikelihoodFromLogits(batch, joint, fastEmit: 0.005).mean(); // joint: [B, T, U+1, V]
        loss.backward();
        using TransducerOccupancy occupancy = TransducerRecursion.Occupancy(batch, joint.log_softmax(3));
        Tensor emitted = occupancy.Tokens; // [B, T, U+1] the probability that token u is emitted in frame t

        Assert.That(loss.item<float>(), Is.GreaterThan(0));
        Assert.That(Distance.Between(joint.grad!.sum(3), torch.zeros(2, 8, 4)), Is.LessThan(1e-6));
        Assert.That(Distance.Between(emitted.sum(1), torch.tensor(new float[,] { { 1, 1, 1, 0 }, { 1, 0, 0, 0 } })), Is.LessThan(1e-5));
    }

    [Test]
    public void A_drop_in_for_the_loss_of_torch()
    {
        using DisposeScope outer = torch.NewDisposeScope();
        Tensor logits = Logits(utterances: 2), targets = torch.tensor([1L, 2, 2, 3]);
        Tensor inputLengths = torch.tensor([8L, 5]), targetLengths = torch.tensor([3L, 1]);

        using var ctc = new CtcLoss();
        Tensor loss = ctc.forward(logits.log_softmax(2), targets, inputLengths, targetLengths);
        loss.backward();

        Assert.That(loss.ToDouble(), Is.Positive);
        Assert.That(logits.grad!.abs().sum().ToDouble(), Is.Positive);
    }

    [Test]
    public void An_objective_composed_in_code()
    {
        using DisposeScope outer = torch.NewDisposeScope();
        Tensor logits = Logits(utterances: 3);
        IReadOnlyList<long[]> targets = Targets;
        long[] frames = Frames;

        using var objective = new Objective(
            new ObjectiveParts { Targets = [new Smoothing(0.1)] },
            Reduction.MeanUtterance,
            InfeasiblePolicy.Drop);

        var batch = new Batch(targets, frames, tokens: 5);
        using ObjectiveResult result = objective.Evaluate(logits, batch);
        result.Loss.backward();
        Console.WriteLine($"{result.Infeasible.Count} utterances have no alignment");

        Assert.That(result.Infeasible, Is.EqualTo(new[] { 2 }));
        Assert.That(logits.grad![.., 2].abs().sum().ToDouble(), Is.Zero);
        Inspect(objective, logits, batch);
    }

    [Test]
    public void An_objective_out_of_plugins()
    {
        using DisposeScope outer = torch.NewDisposeScope();

        PluginCatalog plugins = PluginCatalog.Discover(PluginSearch.Places(further: null, fromExperiment: []));
        using ServiceProvider services = new ServiceCollection().AddCtcEngine().AddCtcPlugins(plugins).BuildServiceProvider();
        ObjectiveConfiguration configuration = ObjectiveConfiguration.Parse(
            "{ weighting: [ { focal: { gamma: 2 } } ], reduction: mean }", "my objective", ".", services.GetRequiredService<PartCatalog>());
        using Objective objective = configuration.Create();

        Assert.That(objective.Evaluate(Logits(utterances: 2), new Batch([[1], [2]], [8, 8], tokens: 5)).Loss.ToDouble(), Is.Positive);
    }

    private static void Inspect(Objective objective, Tensor logits, Batch batch)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Evaluation evaluation = objective.Inspect(logits, batch);
        Tensor occupancy = evaluation.Occupancy;     // [T, B, V] the share of each token in each frame, given the target
        Tensor path = evaluation.ViterbiPath;        // [T, B] the best alignment, exact
        Tensor entropy = evaluation.Entropy;         // [B] the entropy over alignments, in nats

        Assert.That(occupancy[0, 0].sum().ToDouble(), Is.EqualTo(1).Within(1e-12));
        Assert.That(path[0, 2].item<long>(), Is.EqualTo(-1));
        Assert.That(entropy[0].ToDouble(), Is.Positive);
    }

    private static Tensor Logits(int utterances) =>
        torch.randn([8, utterances, 5], torch.float64, generator: new torch.Generator(1)).requires_grad_();

    private sealed class Smoothing(double epsilon) : ITargetTransform
    {
        public FrameTargets Transform(FrameTargets targets, Evaluation evaluation) =>
            targets.WithShares((targets.Shares * (1 - epsilon)) + (epsilon / evaluation.Batch.Tokens));
    }
}
