using Ctc.Engine.Objectives;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class ReweightingTests
{
    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences(
        [Range(0, 19)] int seed,
        [Values("", "balance: none", "key-frames: 0", "balance: 0.8, key-frames: 2", "form: focal-class",
            "form: focal-frame, key-frames: 2")] string options)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(new ObjectiveParts { Targets = [Build(options)] }, RandomCase.Draw(seed));
    }

    // One frame, tokens blank 0 and label 1, target "1": γ = (0, 1) for any weights; two frames have equal shares by symmetry.
    [Test]
    public void Balance_gives_each_token_the_mass_of_its_occurrences()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1]], [2], tokens: 2);
        using var holding = new HeldTargets();
        FrameTargets made = Transform(holding, "balance: 0.25, key-frames: 0", torch.zeros([2, 1, 2], torch.float64), batch);

        // γ is (1/3, 2/3) in both frames: A = (2/3, 4/3). n₁ = 1, n_blank = 1·0.75/0.25 = 3. w = (9/2, 3/4): wγ = (3/2, 1/2).
        Assert.That(made.Shares.data<double>().ToArray(), Is.EqualTo(new[] { 0.75, 0.25, 0.75, 0.25 }).Within(1e-14));
        Assert.That(made.Weights.data<double>().ToArray(), Is.EqualTo(new[] { 1.0, 1 }));
    }

    [Test]
    public void Key_frames_share_the_frames_of_their_utterance()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1], [1]], [2, 1], tokens: 2);
        Tensor logits = torch.tensor([0.0, 0, 0, 0, 2, 0, 0, 0], [2, 2, 2]);
        using var holding = new HeldTargets();
        FrameTargets made = Transform(holding, "balance: none, key-frames: 1", logits, batch);

        double blank = Math.Exp(2) / (1 + Math.Exp(2)), label = 1 - blank; // p of frame 1, first utterance
        double total = (0.5 * blank) + (0.5 * label) + (0.5 * label); // paths 1-, -1, 11
        double[] gamma = [(0.5 * blank + 0.5 * label) / total, (0.5 * blank) / total]; // γ(1) in frame 0; γ(blank) in frame 1
        double m0 = gamma[0] - 0.5, m1 = Math.Max(gamma[1] - blank, (1 - gamma[1]) - label);
        Assert.That(made.Weights[0, 0].ToDouble(), Is.EqualTo(2 * m0 / (m0 + m1)).Within(1e-12));
        Assert.That(made.Weights[1, 0].ToDouble(), Is.EqualTo(2 * m1 / (m0 + m1)).Within(1e-12));
        Assert.That(made.Weights[0, 1].ToDouble(), Is.EqualTo(1).Within(1e-12));
        Assert.That(made.Weights[1, 1].ToDouble(), Is.Zero, "padding");
    }

    [Test]
    public void The_first_version_by_class_has_the_gradient_of_its_paper([Values(0.5, 1, 2)] double power)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2]], [5], tokens: 3);
        Tensor leaf = torch.randn([5, 1, 3], torch.float64, generator: new torch.Generator(6)).requires_grad_();
        using Objective objective = new(new ObjectiveParts { Targets = [Build($"form: focal-class, key-frames: {power}")] });
        objective.Evaluate(leaf, batch).Loss.backward();

        using Objective plain = new(new ObjectiveParts());
        Evaluation lattice = plain.Inspect(leaf.detach(), batch);
        Tensor p = lattice.LogProbs.exp(), shares = (p - lattice.Occupancy).abs().pow(power) * lattice.Occupancy;
        Tensor expected = (p * shares.sum(2, keepdim: true)) - shares;
        Assert.That(Distance.Between(leaf.grad!, expected), Is.LessThan(1e-14));
    }

    // In single precision the blank's mass over the batch is denormal, and its weight infinite.
    [Test]
    public void A_blank_that_is_all_but_impossible_gives_numbers([Values(-88f, -90, -95, -100, -104)] float blank)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor leaf = torch.zeros(3, 1, 3);
        leaf[.., .., 0] = torch.tensor(blank);
        leaf = leaf.requires_grad_();
        using Objective objective = new(new ObjectiveParts { Targets = [Build("")] });
        ObjectiveResult result = objective.Evaluate(leaf, new Batch([[1, 2]], [3], tokens: 3));
        result.Loss.backward();
        Assert.That(double.IsFinite(result.Loss.ToDouble()));
        Assert.That(leaf.grad!.isfinite().all().item<bool>());
    }

    [Test]
    public void Key_frames_are_the_same_in_single_and_in_double_precision()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2]], [4], tokens: 3);
        Tensor logits = torch.zeros([4, 1, 3], torch.float64);
        foreach ((int t, int v) in new[] { (0, 1), (1, 1), (2, 2), (3, 0) }) logits[t, 0, v] = torch.tensor(9.0 + t);
        using var exact = new HeldTargets();
        using var single = new HeldTargets();
        FrameTargets wanted = Transform(exact, "balance: none, key-frames: 10", logits, batch);
        FrameTargets made = Transform(single, "balance: none, key-frames: 10", logits.to(torch.float32), batch);
        Assert.That(Distance.Between(made.Weights, wanted.Weights), Is.LessThan(1e-2));
        Assert.That(wanted.Weights.max().ToDouble(), Is.GreaterThan(2), "some frame is stressed");
    }

    private static ITargetTransform Build(string options) => DiscoveredPart.Create<ITargetTransform>("reweighting", options);

    private static FrameTargets Transform(HeldTargets holding, string options, Tensor logits, Batch batch)
    {
        new Objective(new ObjectiveParts { Targets = [Build(options), holding] }).Evaluate(logits, batch);
        return holding.Targets!;
    }
}
