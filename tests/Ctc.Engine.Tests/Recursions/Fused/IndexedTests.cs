using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Fused;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions.Fused;

/// <summary>
/// Arcs between any states, in frames whose numbers are plain doubles and in frames whose numbers are too far apart for that, against the
/// differentiable recursion in float64 on the same numbers: loss to 1e-10·max(1, |L|), gradients to 1e-9. Short utterances are compared with the
/// enumeration of their paths in <see cref="EveryLatticeTests"/>.
/// </summary>
[NoTensorLeaks]
public class IndexedTests
{
    private const int States = 19, Frames = 24;

    // Doubles are plain while the states of a frame are within 2^400, which is e^277.
    private static readonly Dictionary<string, Func<Tensor>> Scores = new()
    {
        ["close together"] = () => Noise(1).log_softmax(2),
        ["just within the level"] = () => Two(137),
        ["just beyond the level"] = () => Two(140),
        ["far apart"] = () => Noise(1_000),
        ["far apart at times"] = () => torch.where(torch.arange(Frames).remainder(5).gt(2).view(-1, 1, 1), Noise(700), Noise(1)),
        ["one token only"] = () => Noise(1).masked_fill(torch.arange(States).ne(3).view(1, 1, -1), double.NegativeInfinity),
        ["some −∞"] = () => Noise(3).masked_fill(Noise(1, seed: 5) > 1, double.NegativeInfinity),
        ["large"] = () => Noise(5) + 20_000,
    };

    private static readonly Dictionary<string, Func<Tensor>> Arcs = new()
    {
        ["all 0"] = () => torch.zeros([States, 2, States], torch.float64),
        ["close together"] = () => Noise([States, 2, States], 1),
        ["few"] = () => Noise([States, 2, States], 1).masked_fill(Noise([States, 2, States], 1, seed: 6) < 1, double.NegativeInfinity),
        ["of two lengths"] = () => Noise([States, 2, States], 1).masked_fill(OfOtherLengths(), double.NegativeInfinity),
        ["just within the level"] = () => Noise([States, 2, States], 1).sign() * 277,
        ["beyond the level"] = () => Noise([States, 2, States], 1).sign() * 278,
        ["by frame"] = () => Noise([Frames, States, 2, States], 2),
    };

    [Test]
    public void Loss_and_gradients_are_those_of_the_differentiable_recursion(
        [ValueSource(nameof(ScoreNames))] string scores, [ValueSource(nameof(ArcNames))] string arcs)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor given, Lattice lattice) = (Scores[scores](), Everything(Arcs[arcs]()));
        Tensor[] fused = Differentiate(lattice, given, RecursionKind.Fused);
        Tensor[] other = Differentiate(lattice, given, RecursionKind.Differentiable);
        Tensor scale = Finite(other[0]).abs().clamp(min: 1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(other[0].isfinite().any().item<bool>() || scores == "one token only", "the case is not vacuous");
            Assert.That(fused[0].isneginf().equal(other[0].isneginf()).all().item<bool>());
            Assert.That(Distance.Between(Finite(fused[0]) / scale, Finite(other[0]) / scale), Is.LessThan(1e-10), "loss");
            for (int i = 1; i < fused.Length; i++) Assert.That(Distance.Between(fused[i], other[i]), Is.LessThan(1e-9), $"gradient {i}");
        }
    }

    // Its rows are packed once for utterances that are alike.
    [Test]
    public void An_utterance_has_the_same_bits_alone_and_behind_another([ValueSource(nameof(ArcNames))] string arcs, [Values] bool alike)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor scores, Tensor ofArcs) = (Scores["close together"](), Arcs[arcs]());
        if (alike) ofArcs = torch.cat([ofArcs.narrow(-2, 1, 1), ofArcs.narrow(-2, 1, 1)], ofArcs.dim() - 2);
        Tensor[] both = Differentiate(Everything(ofArcs), scores, RecursionKind.Fused);
        Tensor[] alone = Differentiate(Everything(ofArcs.narrow(-2, 1, 1).contiguous()), scores.narrow(1, 1, 1), RecursionKind.Fused);
        Assert.That(alone[0].item<double>(), Is.EqualTo(both[0][1].item<double>()));
        Assert.That(alone[1].equal(both[1].narrow(1, 1, 1)).all().item<bool>());
    }

    [Test]
    public void Blocks_of_frames_have_the_bits_of_all_frames([ValueSource(nameof(ScoreNames))] string scores, [Values("few", "by frame")] string arcs)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor given, Lattice lattice) = (Scores[scores](), Everything(Arcs[arcs]()));
        Tensor Run(long limit)
        {
            var posterior = FusedRecursion.Run(lattice, given, torch.tensor([(long)Frames, Frames]), true, _ => true, limit).Posterior!;
            Tensor occupancy = posterior.Dense(posterior.Shares, torch.ones([2], torch.float64));
            return torch.cat([.. posterior.Expectations.Append(occupancy).Select(tensor => tensor!.flatten())]);
        }

        Assert.That(Run(0).bytes.SequenceEqual(Run(long.MaxValue).bytes));
    }

    private static string[] ScoreNames() => [.. Scores.Keys];

    private static string[] ArcNames() => [.. Arcs.Keys];

    // Slot k of each state comes from state k; state s reads token s.
    private static Lattice Everything(Tensor arcs)
    {
        long batch = arcs.shape[^2];
        Tensor states = torch.arange(States), ends = torch.zeros([batch, States], torch.float64);
        return new Lattice(
            states.expand(batch, States), new IndexedArcs(states.view(-1, 1, 1).repeat(1, batch, States), arcs), ends, ends, ends[.., 0]);
    }

    private static Tensor[] Differentiate(Lattice lattice, Tensor scores, RecursionKind kind)
    {
        Tensor[] leaves =
            [.. new[] { scores, lattice.Arcs.Scores, lattice.Initial, lattice.Final }.Select(leaf => leaf.detach().clone().requires_grad_())];
        Lattice learned = lattice.WithArcs(lattice.Arcs.WithScores(leaves[1])).WithInitial(leaves[2]).WithFinal(leaves[3]);
        Tensor likelihood = Recursion.LogLikelihood(learned, leaves[0], [.. Enumerable.Repeat((long)Frames, (int)scores.shape[1])], kind);
        Finite(likelihood).sum().backward();
        return [likelihood.detach(), .. leaves.Select(leaf => leaf.grad!)];
    }

    private static Tensor Finite(Tensor numbers) => torch.where(numbers.isfinite(), numbers, torch.zeros_like(numbers));

    // Tokens that score ±size in each frame.
    private static Tensor Two(double size) => torch.where(torch.arange(States).remainder(2).eq(0).view(1, 1, -1).expand(Frames, 2, -1), size, -size);

    private static Tensor OfOtherLengths()
    {
        Tensor lengths = torch.arange(States).view(1, 1, -1) - torch.arange(States).view(-1, 1, 1);
        return lengths.eq(1).logical_or(lengths.eq(-2)).logical_not();
    }

    private static Tensor Noise(double scale, ulong seed = 1) => Noise([Frames, 2, States], scale, seed);

    private static Tensor Noise(long[] shape, double scale, ulong seed = 1) =>
        torch.randn(shape, torch.float64, generator: new torch.Generator(seed)) * scale;
}
