using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>The same objective on logits, on log-probabilities, and on scores that are not normalised.</summary>
[NoTensorLeaks]
public class InputKindTests
{
    [Test]
    public void Scores_are_read_as_they_are([Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        using var objective = new Objective(new ObjectiveParts(), Reduction.None, InfeasiblePolicy.Inf);
        Tensor loss = objective.Evaluate(random.Logits, random.Batch, InputKind.Scores).Loss;
        BatchEvaluation lattice = objective.Inspect(random.Logits, random.Batch, InputKind.Scores);
        for (int b = 0; b < random.Batch.Size; b++)
        {
            PathSum paths =
                PathEnumeration.Ctc(RandomCase.Rows(random.Logits, b, random.Batch.Frames[b]), random.Batch.Targets[b], random.Batch.Blank!.Value);
            Assert.That(loss[b].ToDouble(), Is.EqualTo(-paths.LogLikelihood).Within(1e-12));
            Assert.That(lattice.LogLikelihood[b].ToDouble(), Is.EqualTo(paths.LogLikelihood).Within(1e-12));
        }

        Tensor plain = objective.Inspect(random.Logits, random.Batch).Loss;
        Assert.That(Distance.Between(lattice.Loss, plain), Is.LessThan(1e-12), "what a weighting sees is renormalised");
    }

    [Test]
    public void The_gradient_is_minus_the_occupancy([Values(InputKind.LogProbs, InputKind.Scores)] InputKind kind, [Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        using var objective = new Objective(new ObjectiveParts(), Reduction.Sum, InfeasiblePolicy.Zero);
        Tensor leaf = random.Logits.log_softmax(2).requires_grad_();
        objective.Evaluate(leaf, random.Batch, kind).Loss.backward();
        Assert.That(Distance.Between(-leaf.grad!, objective.Inspect(leaf.detach(), random.Batch, kind).Occupancy), Is.LessThan(1e-13));
    }

    [Test]
    public void Nothing_leaks_out_of_padding_or_of_a_frame_in_which_nothing_is_possible([Values] InputKind kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor inputs = torch.zeros([3, 2, 3], torch.float64).log_softmax(2);
        inputs[2, 0] = torch.tensor(double.NaN);
        if (kind != InputKind.LogProbs) inputs[1, 1] = torch.tensor(double.NegativeInfinity);
        var batch = new Batch([[1], [2]], [2, 3], tokens: 3);
        Tensor leaf = inputs.requires_grad_();
        using var objective =
            new Objective(new ObjectiveParts { Weighting = [new Squared()], Auxiliary = [new Sharpness()] }, Reduction.Sum, InfeasiblePolicy.Zero);

        ObjectiveResult result = objective.Evaluate(leaf, batch, kind);
        result.Loss.backward();

        Assert.That(result.Infeasible, Is.EqualTo(kind != InputKind.LogProbs ? new[] { 1 } : []));
        Assert.That(double.IsFinite(result.Loss.ToDouble()));
        Assert.That(leaf.grad!.isfinite().all().item<bool>());
        Assert.That(leaf.grad![2, 0].abs().max().ToDouble(), Is.Zero);
        Tensor padding = objective.Inspect(leaf.detach(), batch, kind).LogProbs[2, 0];
        Assert.That(padding.exp().data<double>().ToArray(), Is.EqualTo(new[] { 1 / 3.0, 1 / 3.0, 1 / 3.0 }).Within(1e-15));
    }

    [Test]
    public void Padding_of_any_content_changes_no_bit_of_plain_ctc(
        [Values] InputKind kind, [Values(RecursionKind.Fused, RecursionKind.Differentiable)] RecursionKind recursion, [Range(0, 4)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Tensor inputs = kind == InputKind.LogProbs ? random.Logits.log_softmax(2) : random.Logits, padding = Padding(random);
        using var objective = new Objective(new ObjectiveParts(), Reduction.None, InfeasiblePolicy.Zero, recursion);
        (Tensor expected, Tensor expectedGradient) = Differentiate(objective, inputs.masked_fill(padding, 0.0), random.Batch, kind);
        foreach (double content in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300 })
        {
            (Tensor loss, Tensor gradient) = Differentiate(objective, inputs.masked_fill(padding, content), random.Batch, kind);
            Assert.That(loss.equal(expected).all().item<bool>(), $"the loss with {content} in padding");
            Assert.That(gradient.equal(expectedGradient).all().item<bool>(), $"the gradient with {content} in padding");
            Assert.That(gradient.masked_select(padding).count_nonzero().item<long>(), Is.Zero);
        }
    }

    [Test]
    public void Parts_that_read_see_no_padding_and_change_no_bit_of_the_rest([Values] InputKind kind, [Range(0, 4)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Tensor inputs = (kind == InputKind.LogProbs ? random.Logits.log_softmax(2) : random.Logits).masked_fill(Padding(random), double.NaN);
        var reader = new Reader();
        using var plain = new Objective(new ObjectiveParts(), Reduction.None, InfeasiblePolicy.Zero);
        using var withReader = new Objective(new ObjectiveParts { Weighting = [reader] }, Reduction.None, InfeasiblePolicy.Zero);
        (Tensor expected, Tensor expectedGradient) = Differentiate(plain, inputs, random.Batch, kind);
        (Tensor loss, Tensor gradient) = Differentiate(withReader, inputs, random.Batch, kind);
        Assert.That(reader.SawNaN, Is.False);
        Assert.That(loss.equal(expected).all().item<bool>() && gradient.equal(expectedGradient).all().item<bool>());
    }

    private static Tensor Padding(RandomCase random)
    {
        Tensor frames = torch.arange(random.Logits.shape[0]).unsqueeze(1), lengths = torch.tensor(random.Batch.Frames.ToArray()).unsqueeze(0);
        return frames.ge(lengths).unsqueeze(2).expand(random.Logits.shape); // [T, B, V]
    }

    private static (Tensor Loss, Tensor Gradient) Differentiate(Objective objective, Tensor inputs, Batch batch, InputKind kind)
    {
        Tensor leaf = inputs.detach().clone().requires_grad_(), loss = objective.Evaluate(leaf, batch, kind).Loss;
        loss.sum().backward();
        return (loss.detach(), leaf.grad!);
    }

    private sealed class Reader : ILossWeighting
    {
        public bool SawNaN { get; private set; }

        public Tensor Weigh(Evaluation evaluation)
        {
            SawNaN |= new[] { evaluation.LogProbs, evaluation.Scores }.Any(read => read.isnan().any().item<bool>());
            return torch.ones_like(evaluation.Loss);
        }
    }

    private sealed class Squared : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => evaluation.Loss.square();
    }

    private sealed class Sharpness : IAuxiliaryTerm
    {
        public Tensor Evaluate(Evaluation evaluation) => evaluation.SumFrames(evaluation.LogProbs.exp().square().sum(-1));
    }
}
