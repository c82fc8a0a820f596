using Ctc.Engine.Hosting;
using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

/// <summary>What every shipped part promises.</summary>
[NoTensorLeaks]
public class AllPartsTests
{
    private static IEnumerable<TestCaseData> Parts() =>
        DiscoveredPart.All.Select(part => new TestCaseData(part).SetArgDisplayNames(part.Metadata.Name));

    [Test]
    public void Each_plugin_folder_holds_one_good_plugin()
    {
        Assert.That(DiscoveredPart.Found.Select(plugin => plugin.Problem), Is.All.Null);
        Assert.That(DiscoveredPart.Found.Select(plugin => plugin.Name), Is.SupersetOf(new[]
        {
            "BlankPenalty", "ConfidencePenalty", "DelayPenalty", "FocalCtc", "LabelSmoothing", "LengthScaling", "PeakFirst", "ReweightedCtc", "Temperature",
        }));
    }

    [TestCaseSource(nameof(Parts))]
    public void Says_what_it_is(PartFactory part)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(part.Metadata.Summary, Does.EndWith("."));
            Assert.That(part.Metadata.Formula, Is.Not.Empty);
            Assert.That(part.Metadata.Paper, Does.Match(@"\d{4}"));
            Assert.That(part.Metadata.Neutral, Is.Not.Empty);
            Assert.That(part.Origin!.Sha256, Has.Length.EqualTo(64));
        }
    }

    [TestCaseSource(nameof(Parts))]
    public void At_its_neutral_setting_the_objective_is_plain_to_the_last_bit(PartFactory part)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        IPart neutral = part.CreatePart(DiscoveredPart.Options(part.Metadata.Options, part.Metadata.Neutral));
        for (int seed = 0; seed < 50; seed++)
        {
            RandomCase random = RandomCase.Draw(seed);
            (Tensor loss, Tensor gradient) = Evaluate(With(neutral), random);
            (Tensor plainLoss, Tensor plainGradient) = Evaluate(new ObjectiveParts(), random);
            Assert.That(loss.equal(plainLoss).all().item<bool>() && gradient.equal(plainGradient).all().item<bool>(), $"seed {seed}");
        }
    }

    [TestCaseSource(nameof(Parts))]
    public void Infeasible_and_padded_frames_change_nothing_for_the_others(PartFactory part)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ObjectiveParts parts = With(part.CreatePart(DiscoveredPart.Options(part.Metadata.Options, "")));
        Tensor logits = torch.randn([6, 3, 4], torch.float64, generator: new torch.Generator(5));
        Tensor garbage = logits.clone();
        garbage[3.., 1] = torch.tensor(double.NaN);
        garbage[.., 2] = torch.tensor(1e3);
        var both = new Batch([[1, 2], [3], [2, 2, 2, 2]], [6, 3, 6], tokens: 4); // the third needs seven frames
        var alone = new Batch([[1, 2], [3]], [6, 3], tokens: 4);

        (Tensor loss, Tensor gradient) = Evaluate(parts, new RandomCase(garbage, both));
        (Tensor expected, Tensor expectedGradient) = Evaluate(parts, new RandomCase(logits.narrow(1, 0, 2), alone));

        Assert.That(Distance.Between(loss.narrow(0, 0, 2), expected), Is.LessThan(1e-12));
        Assert.That(Distance.Between(gradient.narrow(1, 0, 2), expectedGradient), Is.LessThan(1e-12));
        Assert.That(gradient.select(1, 2).abs().max().ToDouble(), Is.Zero);
    }

    [TestCaseSource(nameof(Parts))]
    public void Frames_behind_the_longest_utterance_change_nothing(PartFactory part)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ObjectiveParts parts = With(part.CreatePart(DiscoveredPart.Options(part.Metadata.Options, "")));
        Tensor logits = torch.randn([9, 2, 4], torch.float64, generator: new torch.Generator(5));
        logits[6..] = torch.tensor(double.NaN);
        var batch = new Batch([[1, 2], [3]], [6, 3], tokens: 4);

        (Tensor loss, Tensor gradient) = Evaluate(parts, new RandomCase(logits, batch));
        (Tensor expected, Tensor expectedGradient) = Evaluate(parts, new RandomCase(logits.narrow(0, 0, 6), batch));

        Assert.That(Distance.Between(loss, expected), Is.LessThan(1e-12));
        Assert.That(Distance.Between(gradient.narrow(0, 0, 6), expectedGradient), Is.LessThan(1e-12));
        Assert.That(gradient.narrow(0, 6, 3).abs().max().ToDouble(), Is.Zero);
    }

    [TestCaseSource(nameof(Parts))]
    public void The_smallest_batches_give_numbers(PartFactory part)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ObjectiveParts parts = With(part.CreatePart(DiscoveredPart.Options(part.Metadata.Options, "")));
        Batch[] batches =
        [
            new([[], [1]], [0, 0], tokens: 3), // no frames
            new([[], [1], []], [1, 1, 0], tokens: 3), // one frame
            new([[], []], [2, 0], tokens: 1), // nothing but the blank
            new([], [], tokens: 3), // no utterances
        ];
        foreach (Batch batch in batches)
        {
            Tensor logits = torch.zeros([batch.Frames.Append(0).Max(), batch.Size, batch.Tokens], torch.float64);
            (Tensor loss, Tensor gradient) = Evaluate(parts, new RandomCase(logits, batch));
            Assert.That(loss.isfinite().all().item<bool>() && gradient.isfinite().all().item<bool>(), $"{batch.Size} utterances of {batch.Tokens} tokens");
        }
    }

    [TestCaseSource(nameof(Parts))]
    public void An_impossible_token_is_no_NaN(PartFactory part)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = torch.tensor([0.0, 1, double.NegativeInfinity, 2, 0, double.NegativeInfinity, double.NegativeInfinity, 0, 1], [3, 1, 3]);
        var random = new RandomCase(logits, new Batch([[1]], [3], tokens: 3));
        (Tensor plain, Tensor plainGradient) = Evaluate(new ObjectiveParts(), random);
        foreach (string options in new[] { "", part.Metadata.Neutral })
        {
            (Tensor loss, Tensor gradient) = Evaluate(With(part.CreatePart(DiscoveredPart.Options(part.Metadata.Options, options))), random);
            Assert.That(loss.isnan().any().item<bool>() || !gradient.isfinite().all().item<bool>(), Is.False, options);
            if (options.Length > 0) Assert.That(loss.equal(plain).all().item<bool>() && gradient.equal(plainGradient).all().item<bool>());
        }
    }

    [TestCaseSource(nameof(Parts))]
    public void Single_precision_says_the_same(PartFactory part)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ObjectiveParts parts = With(part.CreatePart(DiscoveredPart.Options(part.Metadata.Options, "")));
        for (int seed = 0; seed < 10; seed++)
        {
            RandomCase random = RandomCase.Draw(seed);
            (Tensor loss, Tensor gradient) = Evaluate(parts, random);
            (Tensor single, Tensor singleGradient) = Evaluate(parts, random with { Logits = random.Logits.to(torch.float32) });
            Assert.That(single.dtype, Is.EqualTo(torch.float32));
            Assert.That(Distance.Between(single, loss), Is.LessThan(1e-4));
            Assert.That(Distance.Between(singleGradient, gradient), Is.LessThan(1e-4));
        }
    }

    [TestCaseSource(nameof(Parts))]
    public void The_same_input_gives_the_same_bits(PartFactory part)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ObjectiveParts parts = With(part.CreatePart(DiscoveredPart.Options(part.Metadata.Options, "")));
        RandomCase random = RandomCase.Draw(11);
        (Tensor loss, Tensor gradient) = Evaluate(parts, random);
        (Tensor again, Tensor gradientAgain) = Evaluate(parts, random);
        Assert.That(loss.equal(again).all().item<bool>() && gradient.equal(gradientAgain).all().item<bool>());
    }

    private static ObjectiveParts With(IPart part) => part switch
    {
        IEmissionTransform transform => new ObjectiveParts { Emissions = [transform] },
        ILatticeTransform transform => new ObjectiveParts { Lattice = [transform] },
        ITargetTransform transform => new ObjectiveParts { Targets = [transform] },
        ILossWeighting weighting => new ObjectiveParts { Weighting = [weighting] },
        IAuxiliaryTerm term => new ObjectiveParts { Auxiliary = [term] },
        _ => throw new ArgumentException($"{part} is at no extension point that this test knows."),
    };

    private static (Tensor Loss, Tensor Gradient) Evaluate(ObjectiveParts parts, RandomCase random)
    {
        var objective = new Objective(parts, Reduction.None, InfeasiblePolicy.Zero);
        Tensor leaf = random.Logits.detach().clone().requires_grad_();
        Tensor loss = objective.Evaluate(leaf, random.Batch).Loss;
        loss.sum().backward();
        return (loss.detach(), leaf.grad!);
    }
}
