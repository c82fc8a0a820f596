using System.Text.Json.Nodes;
using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Transducer;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions.Transducer;

[NoTensorLeaks]
[TestFixture(RecursionKind.Fused)]
[TestFixture(RecursionKind.Differentiable)]
public class TransducerRecursionTests(RecursionKind kind)
{
    private const int Cases = 60;

    [Test]
    public void Likelihood_and_occupancy_are_those_of_all_alignments()
    {
        for (int seed = 0; seed < Cases; seed++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            var drawn = TransducerCase.Draw(seed);
            Tensor leaf = drawn.Scores.clone().requires_grad_();
            Tensor logZ = TransducerRecursion.LogLikelihood(drawn.Batch, leaf, kind);
            logZ.sum().backward();
            using TransducerOccupancy occupancy = TransducerRecursion.Occupancy(drawn.Batch, drawn.Scores, kind);
            for (int b = 0; b < drawn.Batch.Size; b++)
            {
                (int[] Frames, double Score)[] alignments = [.. drawn.Alignments(b)];
                double total = alignments.Sum(alignment => Math.Exp(alignment.Score));
                Assert.That(Math.Exp(logZ[b].ToDouble()), Is.EqualTo(total).Within(1e-9).Percent, $"{seed}");
                (Tensor blanks, Tensor tokens, Tensor dense) = Shares(drawn, b, alignments, total);
                Assert.That(Distance.Between(occupancy.Blanks[b], blanks), Is.LessThan(1e-9), $"blanks, {seed}");
                Assert.That(Distance.Between(occupancy.Tokens[b], tokens), Is.LessThan(1e-9), $"tokens, {seed}");
                Assert.That(Distance.Between(leaf.grad![b], dense), Is.LessThan(1e-9), $"gradient, {seed}");
            }
        }
    }

    [Test]
    [Category("Slow")]
    public void From_logits_the_likelihood_is_that_of_their_log_softmax_and_the_gradient_that_of_finite_differences()
    {
        for (int seed = 0; seed < Cases / 4; seed++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            var drawn = TransducerCase.Draw(seed);
            Tensor silent = drawn.Scores.isneginf().all(3, keepdim: true), normalised = drawn.Scores.log_softmax(3);
            Tensor given = TransducerRecursion.LogLikelihood(drawn.Batch, normalised.masked_fill(silent, double.NegativeInfinity), kind);
            Tensor logZ = TransducerRecursion.LogLikelihoodFromLogits(drawn.Batch, drawn.Scores, kind);
            Tensor feasible = given.isfinite();
            Assert.That(Distance.Between(logZ.exp(), given.exp()), Is.LessThan(1e-12), $"{seed}");
            Tensor leaf = drawn.Scores.clone().requires_grad_();
            TransducerRecursion.LogLikelihoodFromLogits(drawn.Batch, leaf, kind).sum().backward();
            Assert.That(leaf.grad!.isfinite().all().item<bool>(), $"{seed}");
            if (drawn.Scores.isneginf().any().item<bool>()) continue;

            Tensor Sum(Tensor logits) => torch.where(feasible, TransducerRecursion.LogLikelihoodFromLogits(drawn.Batch, logits, kind), 0).sum();
            Tensor point = drawn.Scores.nan_to_num(0.0);
            Tensor slopes = FiniteDifferences.Gradient(Sum, point);
            Assert.That(Distance.Between(FiniteDifferences.Autograd(Sum, point), slopes), Is.LessThan(1e-7), $"{seed}");
            Tensor direction = torch.randn(point.shape, torch.float64, generator: new torch.Generator((ulong)seed));
            Tensor curvature = FiniteDifferences.HessianVectorProduct(Sum, point, direction);
            Tensor after = FiniteDifferences.Autograd(Sum, point + (1e-5 * direction));
            Tensor change = (after - FiniteDifferences.Autograd(Sum, point - (1e-5 * direction))) / 2e-5;
            Assert.That(Distance.Between(curvature, change), Is.LessThan(1e-7), $"second order, {seed}");
        }
    }

    [Test]
    public void The_numbers_of_warp_rnnt()
    {
        var golden = GoldenCase.Read("warp_rnnt_one_to_many_empty");
        foreach (JsonNode? node in golden["cases"]!.AsArray())
        {
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor logits = GoldenCase.Tensor(node!["inputs"]!);
            long[][] targets = [.. node["targets"]!.AsArray().Select(target => GoldenCase.Numbers<long>(target!))];
            var batch = new Batch(targets, [logits.shape[1]], logits.shape[3]);
            Tensor leaf = logits.log_softmax(3).detach().requires_grad_();
            Tensor loss = -TransducerRecursion.LogLikelihood(batch, leaf, kind);
            loss.sum().backward();
            double expected = node["loss"]![0]!.GetValue<double>();
            Assert.That(loss.item<double>(), Is.EqualTo(expected).Within(golden.Tolerance("abs")));
            double likelihood = TransducerRecursion.LogLikelihoodFromLogits(batch, logits, kind).item<double>();
            Assert.That(likelihood, Is.EqualTo(-expected).Within(golden.Tolerance("abs")));
            Assert.That(Distance.Between(leaf.grad!, GoldenCase.Tensor(node["grad_wrt_log_probs"]!)), Is.LessThan(golden.Tolerance("abs")));
        }
    }

    [TestCase(1, 0, 3)]
    [TestCase(1, 5, 2)]
    [TestCase(40, 30, 28)]
    public void Uniform_scores_have_a_closed_form(int frames, int length, int tokens)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[.. Enumerable.Repeat(1L, length)]], [frames], tokens);
        Tensor loss = -TransducerRecursion.LogLikelihoodFromLogits(batch, torch.zeros([1, frames, length + 1, tokens], torch.float64), kind);
        double expected = ((frames + length) * Math.Log(tokens)) - LogChoose(frames - 1 + length, length);
        Assert.That(loss.item<double>(), Is.EqualTo(expected).Within(1e-9));
    }

    [Test]
    [Category("Slow")]
    public void FastEmit_multiplies_the_gradients_of_tokens_and_leaves_the_value()
    {
        const double Lambda = 0.25;
        for (int seed = 0; seed < Cases; seed++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            var drawn = TransducerCase.Draw(seed);
            Tensor leaf = drawn.Scores.clone().requires_grad_(), logits = drawn.Scores.clone().requires_grad_();
            Tensor logZ = TransducerRecursion.LogLikelihood(drawn.Batch, leaf, kind, Lambda);
            logZ.sum().backward();
            Assert.That(Distance.Between(logZ.exp(), TransducerRecursion.LogLikelihood(drawn.Batch, drawn.Scores, kind).exp()), Is.Zero, $"{seed}");
            Tensor plain = drawn.Scores.clone().requires_grad_();
            TransducerRecursion.LogLikelihood(drawn.Batch, plain, kind).sum().backward();
            Tensor factor = torch.full_like(plain, 1 + Lambda);
            factor.select(3, drawn.Batch.Blank!.Value).fill_(1);
            Assert.That(Distance.Between(leaf.grad!, plain.grad! * factor), Is.LessThan(1e-14), $"{seed}");

            // Through the log-softmax.
            if (drawn.Scores.isneginf().any().item<bool>()) continue;
            TransducerRecursion.LogLikelihoodFromLogits(drawn.Batch, logits, kind, Lambda).sum().backward();
            Tensor unscaled = drawn.Scores.nan_to_num(0.0).requires_grad_(), normalised = unscaled.log_softmax(3);
            TransducerRecursion.LogLikelihood(drawn.Batch, normalised, kind, Lambda).sum().backward();
            Assert.That(Distance.Between(logits.grad!, unscaled.grad!), Is.LessThan(1e-12), $"{seed}");
        }
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void A_broken_score_that_a_path_reads_is_no_number_and_leaves_the_other_utterances(double broken)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1], [1, 2]], [2, 2], tokens: 3);
        Tensor scores = torch.zeros([2, 2, 3, 3], torch.float64);
        Tensor whole = TransducerRecursion.LogLikelihood(batch, scores, kind);
        scores[0, 1, 0, 1] = broken;
        scores[1, 1, 2, 1] = scores[1, 1, 0, 0] = broken; // read by no path
        Tensor leaf = scores.requires_grad_(), logZ = TransducerRecursion.LogLikelihood(batch, leaf, kind);
        logZ.sum().backward();
        Assert.That(leaf.grad![1].isfinite().all().item<bool>());
        Assert.That(logZ[0].item<double>(), Is.NaN);
        Assert.That(logZ[1].item<double>(), Is.EqualTo(whole[1].item<double>()));
    }

    [Test]
    public void Without_utterances_or_frames_there_is_an_answer_and_a_gradient()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor nobody = torch.zeros([0, 3, 2, 4], torch.float64).requires_grad_();
        Tensor nothing = torch.zeros([2, 0, 2, 4], torch.float64).requires_grad_();
        Tensor none = TransducerRecursion.LogLikelihoodFromLogits(new Batch([], [], 4), nobody, kind);
        Assert.That(none.shape, Is.EqualTo(new long[] { 0 }));
        Tensor empty = TransducerRecursion.LogLikelihoodFromLogits(new Batch([[], [1]], [0, 0], 4), nothing, kind);
        Assert.That(empty.data<double>().ToArray(), Is.EqualTo(new[] { 0, double.NegativeInfinity }));
        empty.sum().backward();
        Assert.That(nothing.grad!.shape, Is.EqualTo(nothing.shape));
    }

    [Test]
    public void Wrong_inputs_are_refused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 1]], [2], tokens: 3);
        Assert.That(
            () => TransducerRecursion.LogLikelihood(batch, torch.zeros(1, 2, 2, 3), kind),
            Throws.ArgumentException.With.Message.StartsWith("The scores have shape [1, 2, 2, 3]; expected [B, T, U+1, V] with B = 1, "));
        Assert.That(() => TransducerRecursion.LogLikelihood(batch, torch.zeros([1, 2, 3, 3], torch.float16), kind), Throws.ArgumentException);
        Assert.That(() => TransducerRecursion.LogLikelihood(batch, torch.zeros(1, 2, 3, 3), kind, -1), Throws.TypeOf<ArgumentOutOfRangeException>());
        var without = new Batch([[1]], [2], tokens: 3, blank: null);
        Assert.That(() => TransducerRecursion.LogLikelihood(without, torch.zeros(1, 2, 3, 3), kind), Throws.ArgumentException);
    }

    private static (Tensor Blanks, Tensor Tokens, Tensor Dense) Shares(
        TransducerCase drawn, int b, (int[] Frames, double Score)[] alignments, double total)
    {
        long[] shape = drawn.Scores.shape;
        var blanks = new double[shape[1], shape[2]];
        var tokens = new double[shape[1], shape[2]];
        var dense = new double[shape[1], shape[2], shape[3]];
        foreach ((int[] frames, double score) in alignments.Where(alignment => alignment.Score > double.NegativeInfinity))
        {
            double share = Math.Exp(score) / total;
            for (int t = 0; t < drawn.Batch.Frames[b]; t++)
            {
                int u = frames.Count(frame => frame <= t);
                blanks[t, u] += share;
                dense[t, u, drawn.Batch.Blank!.Value] += share;
            }

            for (int u = 0; u < frames.Length; u++)
            {
                tokens[frames[u], u] += share;
                dense[frames[u], u, drawn.Batch.Targets[b][u]] += share;
            }
        }

        return (torch.tensor(blanks), torch.tensor(tokens), torch.tensor(dense));
    }

    private static double LogChoose(int n, int k) => Enumerable.Range(1, k).Sum(i => Math.Log((double)(n - k + i) / i));
}
