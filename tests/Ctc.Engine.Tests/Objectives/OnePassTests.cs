using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>
/// With a large vocabulary, an objective that needs only the likelihood computes it from logits; with an identity emission transform, it computes
/// a log-softmax first.
/// </summary>
[NoTensorLeaks]
public class OnePassTests
{
    [Test]
    [Category("Slow")]
    public void Both_ways_give_the_same_numbers(
        [Range(0, 19)] int seed,
        [Values] bool inFloat32,
        [Values("plain", "loss", "log-probs", "occupancy", "entropy", "viterbi")] string weighting,
        [Values(InfeasiblePolicy.Zero, InfeasiblePolicy.Drop, InfeasiblePolicy.Inf)] InfeasiblePolicy policy)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = Widened(RandomCase.Draw(seed));
        Tensor logits = inFloat32 ? random.Logits.to(torch.float32) : random.Logits;
        foreach ((int b, long frames) in random.Batch.Frames.Index())
        {
            if (frames < logits.shape[0]) logits.narrow(0, frames, logits.shape[0] - frames).select(1, b).fill_(double.NaN);
        }

        ObjectiveParts parts = new() { Weighting = Weighting(weighting) };
        (Tensor loss, Tensor gradient) = Differentiate(parts, logits, random.Batch, policy);
        (Tensor before, Tensor gradientBefore) =
            Differentiate(new ObjectiveParts(parts) { Emissions = [new Nothing()] }, logits, random.Batch, policy);
        Tensor infinite = before.isposinf(), scale = before.abs().clamp(min: 1).masked_fill(infinite, 1);
        (double ofLoss, double ofGradient) = inFloat32 ? (1e-5, 1e-4) : (1e-12, 1e-12);
        Assert.That(loss.isposinf().equal(infinite).all().item<bool>());
        Assert.That(Distance.Between(loss.masked_fill(infinite, 0) / scale, before.masked_fill(infinite, 0) / scale), Is.LessThan(ofLoss));
        Assert.That(Distance.Between(gradient, gradientBefore), Is.LessThan(ofGradient));
    }

    // A float32 log-softmax has an error of 10⁻⁷ in each frame, and the same error in all frames where the blank is certain.
    [Test]
    public void Nothing_but_the_likelihood_is_needed_so_no_log_softmax_is_made()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = torch.zeros([2_000, 1, Objective.LargeVocabulary], torch.float32);
        logits[.., .., 0] = torch.tensor(14f);
        var batch = new Batch([[]], [2_000], Objective.LargeVocabulary);
        double Error(ObjectiveParts parts) => Distance.Between(
            Differentiate(parts, logits, batch, InfeasiblePolicy.Error).Loss.to(torch.float64),
            Differentiate(parts, logits.to(torch.float64), batch, InfeasiblePolicy.Error).Loss);
        Assert.That(Error(new ObjectiveParts { Emissions = [new Nothing()] }), Is.GreaterThan(1e-5));
        Assert.That(Error(new ObjectiveParts()), Is.LessThan(1e-6));
    }

    [Test]
    public void With_few_tokens_a_neutral_transform_changes_no_bit()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = torch.randn([20, 2, Objective.LargeVocabulary - 1], torch.float32, generator: new torch.Generator(1));
        var batch = new Batch([[1, 2], [3]], [20, 18], Objective.LargeVocabulary - 1);
        (Tensor loss, Tensor gradient) = Differentiate(new ObjectiveParts(), logits, batch, InfeasiblePolicy.Error);
        (Tensor before, Tensor gradientBefore) =
            Differentiate(new ObjectiveParts { Emissions = [new Nothing()] }, logits, batch, InfeasiblePolicy.Error);
        Assert.That(loss.equal(before).all().item<bool>() && gradient.equal(gradientBefore).all().item<bool>());
    }

    // The same batch with additional tokens, which occur in no target.
    private static RandomCase Widened(RandomCase small)
    {
        Tensor more =
            torch.randn([small.Logits.shape[0], small.Batch.Size, Objective.LargeVocabulary], torch.float64, generator: new torch.Generator(1));
        var batch = new Batch(small.Batch.Targets, small.Batch.Frames, small.Batch.Tokens + Objective.LargeVocabulary, small.Batch.Blank);
        return new RandomCase(torch.cat([small.Logits, more], 2), batch);
    }

    private static IReadOnlyList<ILossWeighting> Weighting(string name) => name switch
    {
        "loss" => [new OfLoss()],
        "log-probs" => [new OfLogProbs(), new OfLoss()],
        "occupancy" => [new OfOccupancy()],
        "entropy" => [new OfEntropy()],
        "viterbi" => [new OfViterbi()],
        _ => [],
    };

    private static (Tensor Loss, Tensor Gradient) Differentiate(ObjectiveParts parts, Tensor logits, Batch batch, InfeasiblePolicy policy)
    {
        using var objective = new Objective(parts, Reduction.None, policy);
        Tensor leaf = logits.clone().requires_grad_();
        Tensor loss = objective.Evaluate(leaf, batch).Loss;
        torch.where(loss.isposinf(), torch.zeros_like(loss), loss).sum().backward();
        return (loss.detach(), leaf.grad!);
    }

    private sealed class Nothing : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores;
    }

    private sealed class OfLoss : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => (evaluation.Loss + 1).log();
    }

    private sealed class OfLogProbs : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) =>
            evaluation.SumFrames(evaluation.LogProbs.exp().square().sum(-1) + evaluation.Scores[.., .., 0].exp());
    }

    [Part("of-occupancy", Needs = Needs.DifferentiableOccupancy)]
    private sealed class OfOccupancy : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => evaluation.SumFrames(evaluation.Occupancy.square().sum(-1));
    }

    [Part("of-entropy", Needs = Needs.Entropy)]
    private sealed class OfEntropy : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => evaluation.Entropy + 1;
    }

    [Part("of-viterbi", Needs = Needs.ViterbiPath)]
    private sealed class OfViterbi : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => evaluation.SumFrames(evaluation.ViterbiPath.to(evaluation.Scores.dtype));
    }
}
