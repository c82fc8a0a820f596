using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

[NoTensorLeaks]
[TestFixture(RecursionKind.Auto)]
[TestFixture(RecursionKind.Differentiable)]
public class PlainCtcTests(RecursionKind kind)
{
    [TestCase("warpctc_small")]
    [TestCase("k2_case1_uniform")]
    [TestCase("k2_case2_repeat_cc")]
    [TestCase("k2_case3_bc")]
    [TestCase("gtn_ctc_uniform")]
    [TestCase("keras_ctc_loss")]
    [TestCase("end2end_medium_batch")]
    [TestCase("end2end_empty_target")]
    [TestCase("tf_single_class_blank_only")]
    public void Loss_and_gradient_are_those_of_public_suites(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        GoldenCase golden = GoldenCase.Read(name);
        using var plain = new Objective(new ObjectiveParts(), Reduction.Sum, recursion: kind);
        Tensor leaf = golden.Inputs.requires_grad_();

        ObjectiveResult result = plain.Evaluate(leaf, golden.Batch);
        result.Loss.backward();

        double lossTolerance = name.StartsWith("tf_", StringComparison.Ordinal) ? golden.Tolerance("abs") : golden.Tolerance("loss_abs");
        Assert.That(
            result.PerUtterance.data<double>().ToArray(), Is.EqualTo(GoldenCase.Numbers<double>(golden.Expected["loss"]!)).Within(lossTolerance));
        if (golden.Expected["grad"] is { } gradient)
        {
            Assert.That(Distance.Between(leaf.grad!, GoldenCase.Tensor(gradient)), Is.LessThan(1e-6));
        }
    }

    [TestCase(Reduction.Sum, "sum")]
    [TestCase(Reduction.Mean, "mean_pytorch")]
    [TestCase(Reduction.MeanUtterance, "mean_batch")]
    [TestCase(Reduction.MeanToken, "mean_volume")]
    public void Reductions_do_the_arithmetic_that_their_names_say(Reduction reduction, string expected)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        GoldenCase golden = GoldenCase.Read("derived_reductions");
        using var plain = new Objective(new ObjectiveParts(), reduction, recursion: kind);

        Assert.That(
            plain.Evaluate(golden.Inputs, golden.Batch).Loss.ToDouble(),
            Is.EqualTo(golden.Expected[expected]!.GetValue<double>()).Within(golden.Tolerance("abs")));
    }

    [Test]
    public void The_mean_over_frames_divides_by_all_valid_frames()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        GoldenCase golden = GoldenCase.Read("derived_reductions");
        using var plain = new Objective(new ObjectiveParts(), Reduction.MeanFrame, recursion: kind);
        double sum = golden.Expected["sum"]!.GetValue<double>();

        Assert.That(plain.Evaluate(golden.Inputs, golden.Batch).Loss.ToDouble(), Is.EqualTo(sum / golden.Batch.Frames.Sum()).Within(1e-12));
    }

    [TestCase(InfeasiblePolicy.Zero, new[] { 0.0, 1 }, 0.5)]
    [TestCase(InfeasiblePolicy.Drop, new[] { 0.0, 1 }, 1.0)]
    [TestCase(InfeasiblePolicy.Inf, new[] { double.PositiveInfinity, 1 }, double.PositiveInfinity)]
    public void An_infeasible_utterance_follows_the_policy_and_has_gradient_zero(InfeasiblePolicy policy, double[] perUtterance, double mean)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var plain = new Objective(new ObjectiveParts(), Reduction.MeanUtterance, policy, recursion: kind);
        var batch = new Batch([[1, 1], [1]], [2, 1], tokens: 2);
        Tensor leaf = torch.zeros([2, 2, 2], torch.float64).requires_grad_();

        ObjectiveResult result = plain.Evaluate(leaf, batch);
        result.Loss.backward();

        double unit = Math.Log(2); // one frame, two even tokens
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Infeasible, Is.EqualTo(new[] { 0 }));
            Assert.That(result.PerUtterance.data<double>().ToArray(), Is.EqualTo(perUtterance.Select(x => x * unit)).Within(1e-15));
            Assert.That(result.Loss.ToDouble(), Is.EqualTo(mean * unit).Within(1e-15));
            Assert.That(leaf.grad![.., 0].abs().sum().ToDouble(), Is.Zero);
            Assert.That(
                leaf.grad![0, 1, 1].ToDouble(),
                Is.EqualTo(policy == InfeasiblePolicy.Drop ? -0.5 : policy == InfeasiblePolicy.Zero ? -0.25 : -0.25).Within(1e-15));
        }
    }

    [Test]
    public void By_default_an_infeasible_utterance_is_an_error_that_names_it()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var plain = new Objective(new ObjectiveParts(), recursion: kind);
        var batch = new Batch([[1], [1, 1]], [2, 2], tokens: 2, names: ["line-1", "line-2"]);

        Assert.That(
            () => plain.Evaluate(torch.zeros(2, 2, 2), batch),
            Throws.TypeOf<InfeasibleException>().With.Message.StartsWith(
                "1 of 2 utterances cannot be aligned with their targets: line-2 has 2 frames and needs 3."));
    }

    [Test]
    public void NaN_in_padded_logits_reaches_neither_loss_nor_gradient()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var plain = new Objective(new ObjectiveParts(), recursion: kind);
        var batch = new Batch([[1, 2], [2]], [5, 2], tokens: 3);
        Tensor logits = torch.randn([5, 2, 3], torch.float64, generator: new torch.Generator(1));
        logits[2.., 1] = torch.tensor(double.NaN);
        Tensor leaf = logits.requires_grad_();

        ObjectiveResult result = plain.Evaluate(leaf, batch);
        result.Loss.backward();

        Assert.That(result.Loss.ToDouble(), Is.Not.NaN);
        Assert.That(leaf.grad!.isfinite().all().item<bool>());
    }

    [TestCase(torch.ScalarType.Float16)]
    [TestCase(torch.ScalarType.BFloat16)]
    public void Half_precision_is_computed_in_single(torch.ScalarType type)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var plain = new Objective(new ObjectiveParts(), recursion: kind);
        var batch = new Batch([[1]], [4], tokens: 2);
        ObjectiveResult result = plain.Evaluate(torch.zeros([4, 1, 2], type), batch);
        Assert.That(result.Loss.dtype, Is.EqualTo(torch.ScalarType.Float32));
        Assert.That(result.Loss.ToDouble(), Is.EqualTo((4 * Math.Log(2)) - Math.Log(10)).Within(1e-6)); // binom(5, 2) paths
    }

    [Test]
    [Category("Slow")]
    public void A_batch_is_its_utterances_one_by_one([Range(0, 39)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var plain = new Objective(new ObjectiveParts(), Reduction.None, InfeasiblePolicy.Inf, recursion: kind);
        RandomCase random = RandomCase.Draw(seed);
        Batch batch = random.Batch;
        Tensor together = plain.Evaluate(random.Logits, batch).Loss;
        for (int b = 0; b < batch.Size; b++)
        {
            var single = new Batch([batch.Targets[b]], [batch.Frames[b]], batch.Tokens, batch.Blank);
            Tensor alone = plain.Evaluate(random.Logits.narrow(1, b, 1).narrow(0, 0, batch.Frames[b]), single).Loss;
            Assert.That(alone[0].ToDouble(), Is.EqualTo(together[b].ToDouble()).Within(1e-13));
        }
    }
}
