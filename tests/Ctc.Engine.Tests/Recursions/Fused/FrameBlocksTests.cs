using Ctc.Engine.Recursions.Fused;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Results;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions.Fused;

/// <summary>Long inputs, whose α is kept in blocks and computed twice, have the bits of those whose α is kept.</summary>
[NoTensorLeaks]
public class FrameBlocksTests
{
    private const long Whole = long.MaxValue, Blocks = 0;

    // Blocks of 16 frames; the last is whole, of one frame, or of 15.
    private static readonly int[] Lengths = [16, 17, 31, 32, 33, 160, 161];

    [Test]
    public void Loss_occupancies_and_posteriors_are_the_same(
        [ValueSource(nameof(Lengths))] int frames, [Values] bool inFloat32, [Values] bool timed, [Values] bool ofArcs, [Values] bool indexed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Lattice lattice, Tensor scores, Tensor lengths) = Draw(frames, inFloat32, timed);
        if (indexed) lattice = lattice.WithArcs(LatticeCase.Indexed((BandedArcs)lattice.Arcs, lattice.Labels.shape[1]));
        (Tensor LogZ, FusedPosterior? Posterior) Run(long limit) =>
            FusedRecursion.Run(lattice, scores, lengths, posterior: true, _ => ofArcs, limit);
        AssertSame(Run(Whole), Run(Blocks));
    }

    [Test]
    public void Covariances_are_the_same([ValueSource(nameof(Lengths))] int frames, [Values] bool inFloat32, [Values] bool timed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Lattice lattice, Tensor scores, Tensor lengths) = Draw(frames, inFloat32, timed);
        Lattice values = lattice.WithArcs(lattice.Arcs.WithScores(lattice.Arcs.Scores.cos()));
        (Tensor logZ, Tensor mean, FusedPosterior covariances) = FusedCovariance.Run(lattice, scores, lengths, values, scores.sin(), Whole);
        (Tensor logZAgain, Tensor meanAgain, FusedPosterior again) = FusedCovariance.Run(lattice, scores, lengths, values, scores.sin(), Blocks);
        AssertSame((logZ, covariances), (logZAgain, again));
        Assert.That(meanAgain.bytes.SequenceEqual(mean.bytes), "mean");
    }

    [Test]
    public void Best_paths_are_the_same([ValueSource(nameof(Lengths))] int frames, [Values] bool inFloat32, [Values] bool timed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Lattice lattice, Tensor scores, Tensor lengths) = Draw(frames, inFloat32, timed);
        (Tensor score, Tensor states) = FusedRecursion.BestPaths(lattice, scores, lengths, Whole);
        (Tensor scoreAgain, Tensor statesAgain) = FusedRecursion.BestPaths(lattice, scores, lengths, Blocks);
        (Tensor bounded, Tensor ofBounded) = FusedRecursion.BestPaths(lattice, scores, lengths, Blocks, manyStates: 0);
        Assert.That(scoreAgain.bytes.SequenceEqual(score.bytes) && bounded.bytes.SequenceEqual(score.bytes), "score");
        Assert.That(statesAgain.bytes.SequenceEqual(states.bytes) && ofBounded.bytes.SequenceEqual(states.bytes), "states");
    }

    [TestCase(10_000)]
    [TestCase(1_000_000)]
    public void Memory_grows_with_the_square_root_of_the_frames(int frames)
    {
        FrameBlocks some = FrameBlocks.For(frames, 1_000, 1_000, limit: 1), more = FrameBlocks.For(16 * frames, 1_000, 1_000, limit: 1);
        Assert.That(some.Rows + some.Checkpoints, Is.LessThan(3 * Math.Sqrt(frames)));
        Assert.That((double)(more.Rows + more.Checkpoints) / (some.Rows + some.Checkpoints), Is.EqualTo(4).Within(0.1));
    }

    [TestCase(100, Whole)]
    [TestCase(16, Blocks)]
    public void A_short_input_is_held_whole(int frames, long limit)
    {
        FrameBlocks blocks = FrameBlocks.For(frames, 1_000, 1_000, limit);
        Assert.That((blocks.Rows, blocks.Checkpoints, blocks.Of(frames - 1)), Is.EqualTo((frames, 0, 0)));
    }

    // 64 GB of α; its blocks are 0.3 GB. VmHWM is that of a process of its own.
    [Test]
    [Category("Long"), Explicit("a minute")]
    public void Twenty_thousand_labels_in_200_000_frames_take_less_than_2_GB()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const int frames = 200_000, length = 20_000;
        var batch = new Batch([[.. Enumerable.Range(0, length).Select(u => 1L + (u % 30))]], [frames], tokens: 32);
        Tensor logits = torch.randn([frames, 1, 32], torch.float32, generator: new torch.Generator(1)).requires_grad_();
        Tensor scores = logits.log_softmax(2);
        Lattice lattice = new CtcTopology().Build(batch).Numerator.Cast(torch.float32, torch.CPU);
        Tensor loss = -Engine.Recursions.Recursion.LogLikelihood(lattice, scores, batch.Frames);
        loss.sum().backward();
        (Tensor score, Tensor states) = FusedRecursion.BestPaths(lattice, scores.detach(), torch.tensor(batch.Frames.ToArray()));
        Assert.That(loss.item<float>(), Is.LessThan(-score.item<float>()).And.GreaterThan(0));
        Assert.That(logits.grad!.sum().item<float>(), Is.Zero.Within(0.1));
        Assert.That(states[^1].item<long>(), Is.GreaterThanOrEqualTo((2 * length) - 1));
        string peak = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        TestContext.Out.WriteLine(peak);
        Assert.That(long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]), Is.LessThan(2_000_000));
    }

    private static void AssertSame((Tensor LogZ, FusedPosterior? Posterior) expected, (Tensor LogZ, FusedPosterior? Posterior) actual)
    {
        Assert.That(actual.LogZ.bytes.SequenceEqual(expected.LogZ.bytes), "ln Z");
        Assert.That(Dense(actual).bytes.SequenceEqual(Dense(expected).bytes), "occupancies");
        for (int i = 0; i < expected.Posterior!.Expectations.Length; i++)
        {
            if (expected.Posterior.Expectations[i] is not { } tensor) continue;
            Assert.That(actual.Posterior!.Expectations[i]!.bytes.SequenceEqual(tensor.bytes), $"expectations {i}");
        }
    }

    // Padding is not written before.
    private static Tensor Dense((Tensor LogZ, FusedPosterior? Posterior) run) =>
        run.Posterior!.Dense(run.Posterior.Shares, torch.ones_like(run.LogZ).to(run.Posterior.Shares.dtype));

    // Three utterances of different lengths, one with a score that float32 lanes refuse; with scored arcs.
    private static (Lattice Lattice, Tensor Scores, Tensor Lengths) Draw(int frames, bool inFloat32, bool timed)
    {
        var generator = new torch.Generator(1);
        long[] lengths = [frames, frames - 5, frames - 1];
        var batch = new Batch([[1, 2, 2, 3, 1], [3], [1, 1, 2]], lengths, tokens: 5);
        Tensor scores = torch.randn([frames, 3, 5], torch.float64, generator: generator).log_softmax(2);
        scores[3, 2, 1] = torch.tensor(-500.0);
        Lattice lattice = new CtcTopology().Build(batch).Numerator;
        Tensor arcs = lattice.Arcs.Scores;
        if (timed) arcs = arcs.unsqueeze(0).expand([frames, .. arcs.shape]);
        lattice = lattice.WithArcs(lattice.Arcs.WithScores(arcs + torch.randn(arcs.shape, torch.float64, generator: generator)));
        torch.ScalarType type = inFloat32 ? torch.float32 : torch.float64;
        return (lattice.Cast(type, torch.CPU), scores.to(type), torch.tensor(lengths));
    }
}
