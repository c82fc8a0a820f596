using Ctc.Engine.Objectives;
using Ctc.Hosting;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

/// <summary>Tests of every shipped part, beyond the checks of any plugin in <see cref="ConformanceTests"/>.</summary>
[NoTensorLeaks]
public class AllPartsTests
{
    private static IEnumerable<TestCaseData> Parts() =>
        DiscoveredPart.All.Select(part => new TestCaseData(part).SetArgDisplayNames(part.Metadata.Name));

    // A topology has other paths than CTC: its tests say what they are.
    private static IEnumerable<TestCaseData> PartsBesideTheTopology() =>
        DiscoveredPart.All.Where(part => part.Point != typeof(ITopology))
            .Select(part => new TestCaseData(part).SetArgDisplayNames(part.Metadata.Name));

    [Test]
    public void Each_plugin_folder_holds_one_good_plugin()
    {
        Assert.That(DiscoveredPart.Found.Select(plugin => plugin.Problem), Is.All.Null);
        Assert.That(DiscoveredPart.Found.Select(plugin => plugin.Name), Is.SupersetOf(new[]
        {
            "BlankPenalty", "ConfidencePenalty", "DelayPenalty", "FocalCtc", "LabelSmoothing", "LengthScaling", "PeakFirst", "ReweightedCtc",
            "Temperature",
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
            Assert.That(part.Metadata.Neutral, part.Point == typeof(ITopology) ? Is.Not.Null : Is.Not.Empty);
            Assert.That(part.Origin!.Sha256, Has.Length.EqualTo(64));
        }
    }

    [TestCaseSource(nameof(PartsBesideTheTopology))]
    [Category("Slow")]
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

    [TestCaseSource(nameof(PartsBesideTheTopology))]
    public void With_a_large_vocabulary_it_is_so_for_parts_that_keep_the_one_pass_and_to_rounding_for_others(PartFactory part)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        IPart neutral = part.CreatePart(DiscoveredPart.Options(part.Metadata.Options, part.Metadata.Neutral));
        Tensor logits = torch.randn([20, 2, Objective.LargeVocabulary], torch.float32, generator: new torch.Generator(1));
        var random = new RandomCase(logits, new Batch([[3, 3, 200], [7]], [20, 11], Objective.LargeVocabulary));
        (Tensor loss, Tensor gradient) = Evaluate(With(neutral), random);
        (Tensor plainLoss, Tensor plainGradient) = Evaluate(new ObjectiveParts(), random);
        bool same = loss.equal(plainLoss).all().item<bool>() && gradient.equal(plainGradient).all().item<bool>();
        Assert.That(same, Is.EqualTo(neutral is ILossWeighting or ILatticeTransform), "as README.md and the plugins' pages say");
        Assert.That(Distance.Between(loss / plainLoss, torch.ones_like(loss)), Is.LessThan(1e-6));
        Assert.That(Distance.Between(gradient, plainGradient), Is.LessThan(1e-6));
    }

    [TestCaseSource(nameof(PartsBesideTheTopology))]
    public void An_impossible_token_is_no_NaN(PartFactory part)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = torch.tensor([0.0, 1, double.NegativeInfinity, 2, 0, double.NegativeInfinity, double.NegativeInfinity, 0, 1], [3, 1, 3]);
        var random = new RandomCase(logits, new Batch([[1]], [3], tokens: 3));
        (Tensor plain, Tensor plainGradient) = Evaluate(new ObjectiveParts(), random);
        foreach (string options in part.HasRequiredOptions ? [part.Metadata.Neutral] : new[] { "", part.Metadata.Neutral })
        {
            (Tensor loss, Tensor gradient) = Evaluate(With(part.CreatePart(DiscoveredPart.Options(part.Metadata.Options, options))), random);
            Assert.That(loss.isnan().any().item<bool>() || !gradient.isfinite().all().item<bool>(), Is.False, options);
            if (options.Length > 0) Assert.That(loss.equal(plain).all().item<bool>() && gradient.equal(plainGradient).all().item<bool>());
        }
    }

    internal static ObjectiveParts With(IPart part) => part switch
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
        var output = new EncoderOutput(leaf) { Streams = new Dictionary<string, Tensor> { ["middle"] = random.Logits * 0.5 } };
        Tensor loss = objective.Evaluate(output, random.Batch).Loss;
        loss.sum().backward();
        return (loss.detach(), leaf.grad!);
    }
}
