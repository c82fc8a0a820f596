using Ctc.Engine.Objectives;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Fused;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions.Fused;

/// <summary>What is asked of the fused recursion beside right numbers.</summary>
[NoTensorLeaks]
public class FusedRecursionTests
{
    private const int Frames = 60, Utterances = 9, Tokens = 12;

    [Test]
    public void Auto_takes_it_where_it_can()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = Draw();
        Lattice banded = Build(batch), indexed = banded.WithArcs(LatticeCase.Indexed((BandedArcs)banded.Arcs, banded.Labels.shape[1]));
        Assert.That(Recursion.Posterior(banded, scores, batch.Frames, RecursionKind.Auto).Kind, Is.EqualTo(RecursionKind.Fused));
        Assert.That(Recursion.Posterior(banded, scores, batch.Frames, RecursionKind.Differentiable).Kind, Is.EqualTo(RecursionKind.Differentiable));
        Assert.That(Recursion.Posterior(indexed, scores, batch.Frames, RecursionKind.Auto).Kind, Is.EqualTo(RecursionKind.Fused));
    }

    [Test]
    public void Where_it_cannot_be_used_it_says_so()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = Draw();
        Lattice lattice = Build(batch).Cast(torch.float16, torch.CPU);
        Assert.That(
            () => Recursion.LogLikelihood(lattice, scores.to(torch.float16), batch.Frames, RecursionKind.Fused),
            Throws.TypeOf<ArgumentException>().Or.TypeOf<NotSupportedException>());
        Assert.That(Recursion.WhyNotFused(torch.META), Is.EqualTo("the scores are on the device meta"));
    }

    [TestCase(12)]
    [TestCase(-1)]
    public void A_label_outside_the_vocabulary_is_refused(long label)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = Draw();
        Lattice lattice = Build(batch);
        lattice.Labels[2, 1] = torch.tensor(label);
        Assert.That(
            () => Recursion.LogLikelihood(lattice, scores, batch.Frames, RecursionKind.Fused),
            Throws.ArgumentException.With.Message.EqualTo(
                $"A state of utterance 2 has token {label}; expected a token in [0, {Tokens}). (Parameter 'lattice')"));
    }

    [Test]
    public void A_lattice_of_other_shapes_is_refused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = Draw();
        Lattice lattice = Build(batch);
        void AssertRefused(Lattice wrong, string message) => Assert.That(
            () => Recursion.LogLikelihood(wrong, scores, batch.Frames, RecursionKind.Fused),
            Throws.ArgumentException.With.Message.EqualTo($"{message} (Parameter 'lattice')"));
        AssertRefused(
            lattice.WithInitial(lattice.Initial.narrow(0, 0, 1)),
            "The initial scores of the lattice have shape [1, 33]; expected [9, 33].");
        AssertRefused(lattice.WithLabels(lattice.Labels.narrow(0, 0, 8)), "The labels of the lattice have shape [8, 33]; expected [9, 33].");
        AssertRefused(
            lattice.WithArcs(lattice.Arcs.WithScores(lattice.Arcs.Scores.unsqueeze(0).expand(59, -1, -1, -1))),
            "The arc scores of the lattice have shape [59, 3, 9, 33]; expected [60, 3, 9, 33].");
    }

    // An utterance is one piece of work, so threads change no bit.
    [Test]
    public void The_bits_are_the_same_each_time_and_on_any_number_of_threads([Values] bool inFloat32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = Draw();
        if (inFloat32) scores = scores.to(torch.float32);
        (Tensor loss, Tensor gradient) = Differentiate(batch, scores);
        try
        {
            foreach (int threads in new[] { 1, 2, 3, 1 })
            {
                torch.set_num_threads(threads);
                (Tensor again, Tensor gradientAgain) = Differentiate(batch, scores);
                Assert.That(again.bytes.SequenceEqual(loss.bytes), $"loss on {threads} threads");
                Assert.That(gradientAgain.bytes.SequenceEqual(gradient.bytes), $"gradient on {threads} threads");
            }
        }
        finally
        {
            torch.set_num_threads(1);
        }
    }

    [Test]
    public void An_utterance_has_the_same_bits_alone_and_in_a_batch()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = Draw();
        (Tensor loss, Tensor gradient) = Differentiate(batch, scores);
        for (int b = 0; b < batch.Size; b++)
        {
            var alone = new Batch([batch.Targets[b]], [batch.Frames[b]], Tokens);
            (Tensor own, Tensor ownGradient) = Differentiate(alone, scores.narrow(1, b, 1));
            Assert.That(own[0].item<double>(), Is.EqualTo(loss[b].item<double>()));
            Assert.That(ownGradient.equal(gradient.narrow(1, b, 1)).all().item<bool>());
        }
    }

    [Test]
    public void No_frame_allocates_on_the_managed_heap()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long Allocated(int frames)
        {
            Tensor scores = torch.zeros([frames, 4, 8], torch.float32), lengths = torch.full([4], frames, torch.int64);
            Lattice lattice = Build(new Batch([[1, 2], [3], [], [1, 1]], [frames, frames, frames, frames], tokens: 8)).Cast(torch.float32, torch.CPU);
            for (int warm = 0; warm < 3; warm++) FusedRecursion.Run(lattice, scores, lengths, posterior: true);
            long before = GC.GetAllocatedBytesForCurrentThread();
            FusedRecursion.Run(lattice, scores, lengths, posterior: true);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(20);
        Assert.That(Allocated(2_000), Is.EqualTo(Allocated(20)).Within(1_000)); // a byte a frame would be twice that
    }

    [Test]
    public void Best_paths_are_bit_for_bit_those_of_the_differentiable_recursion([Values] bool inFloat32, [Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = Draw();
        scores = torch.randn(scores.shape, inFloat32 ? torch.float32 : torch.float64, generator: new torch.Generator((ulong)seed)) * 7;
        if (seed % 2 == 0) scores = scores.round(); // ties
        using ViterbiAlignment fused = Viterbi.Align(Build(batch), scores, batch.Frames, RecursionKind.Fused);
        using ViterbiAlignment other = Viterbi.Align(Build(batch), scores, batch.Frames, RecursionKind.Differentiable);
        Assert.That(fused.Score.bytes.SequenceEqual(other.Score.bytes), "scores");
        Assert.That(fused.States.equal(other.States).all().item<bool>(), "states");
        Assert.That(fused.Tokens.equal(other.Tokens).all().item<bool>(), "tokens");
    }

    [Test]
    public void Scores_of_any_layout_are_read([Values] bool inFloat32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = Draw();
        if (inFloat32) scores = scores.to(torch.float32);
        Tensor turned = scores.transpose(0, 1).contiguous().transpose(0, 1);
        Assert.That(turned.is_contiguous(), Is.False);
        (Tensor loss, Tensor gradient) = Differentiate(batch, scores);
        (Tensor same, Tensor sameGradient) = Differentiate(batch, turned);
        Assert.That(same.equal(loss).all().item<bool>());
        Assert.That(sameGradient.equal(gradient).all().item<bool>());
    }

    [Test]
    public void An_objective_gives_the_numbers_of_the_differentiable_one()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = Draw();
        Tensor Gradient(RecursionKind kind)
        {
            using var plain = new Objective(new ObjectiveParts(), Reduction.MeanToken, recursion: kind);
            Tensor leaf = scores.clone().requires_grad_();
            plain.Evaluate(leaf, batch).Loss.backward();
            return leaf.grad!;
        }

        Assert.That(Distance.Between(Gradient(RecursionKind.Fused), Gradient(RecursionKind.Differentiable)), Is.LessThan(1e-14));
    }

    private static (Batch Batch, Tensor Scores) Draw()
    {
        var random = new Random(1);
        long[][] targets =
            [.. Enumerable.Range(0, Utterances).Select(b => Enumerable.Range(0, 2 * b).Select(_ => random.NextInt64(1, Tokens)).ToArray())];
        long[] frames = [.. Enumerable.Range(0, Utterances).Select(b => (long)Frames - (3 * b))];
        return (new Batch(targets, frames, Tokens), torch.randn([Frames, Utterances, Tokens], torch.float64, generator: new torch.Generator(1)));
    }

    private static Lattice Build(Batch batch) => new CtcTopology().Build(batch).Numerator;

    private static (Tensor Loss, Tensor Gradient) Differentiate(Batch batch, Tensor scores)
    {
        Tensor leaf = scores.detach().requires_grad_();
        Tensor likelihood = Recursion.LogLikelihood(Build(batch), leaf, batch.Frames, RecursionKind.Fused);
        likelihood.sum().backward();
        return (likelihood.detach(), leaf.grad!.contiguous());
    }
}
