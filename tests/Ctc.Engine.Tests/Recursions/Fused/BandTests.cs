using Ctc.Engine.Recursions;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions.Fused;

/// <summary>
/// Bands of arcs of every kind and utterances of every length, against the differentiable recursion in float64 on the same numbers: loss to
/// 1e-10·max(1, |L|), gradients to 1e-9; from float32 1e-5 and 1e-4. Short utterances are compared with the enumeration of their paths in
/// <see cref="EveryLatticeTests"/>.
/// </summary>
[NoTensorLeaks]
public class BandTests
{
    private const int Tokens = 7, Longest = 41;

    private static readonly Dictionary<string, Func<Tensor>> Scores = new()
    {
        ["moderate"] = () => Noise(1).log_softmax(2),
        ["moderate, one −∞, sure"] = () =>
        {
            Tensor scores = torch.cat([Noise(1, 13), Noise(1, 9), Noise(400, 8, seed: 3), Noise(1, 11)]);
            scores[14, 0, 1] = scores[19, 1, 0] = torch.tensor(double.NegativeInfinity);
            return scores;
        },
        ["certain or excluded"] = () => (Noise(1) > 0).to(torch.float64) * 138.6 - 69.3,
        ["always large"] = () => torch.full([Longest, 2, Tokens], 69.3, torch.float64),
        ["always small"] = () => torch.full([Longest, 2, Tokens], -69.3, torch.float64),
        // One token holds the path, and what is left of it falls behind by 80 bits in each frame.
        ["steep"] = () => Holding().expand(Longest, 2, Tokens) + Noise(0.1),
        ["steep at times"] = () => (Holding() * (torch.arange(Longest).remainder(14) > 6).to(torch.float64).view(-1, 1, 1)) + Noise(1),
    };

    private static readonly Dictionary<string, int[]> Bands = new()
    {
        ["band 0"] = [0],
        ["band 1"] = [1],
        ["band 0, 2"] = [0, 2],
        ["band 3, 1, 2"] = [3, 1, 2],
        ["band 8, 0, 1"] = [8, 0, 1],
        ["band 9, 0, 1"] = [9, 0, 1],
    };

    [Test]
    [Category("Slow")]
    public void Loss_and_gradients_are_those_of_the_differentiable_recursion(
        [ValueSource(nameof(Kinds))] string kind, [ValueSource(nameof(ScoreNames))] string name, [Values] Arc arc, [Values] bool inFloat32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor all = Scores[name]();
        (double ofLoss, double ofGradient) = inFloat32 ? (1e-5, 1e-4) : (1e-10, 1e-9);
        foreach (long frames in new[] { 1, 2, 3, 8, 17, Longest })
        {
            Tensor scores = all.narrow(0, 0, frames);
            long[] lengths = [frames, (frames + 1) / 2];
            Lattice lattice = Build(kind, lengths, arc);
            if (inFloat32) (scores, lattice) = (scores.to(torch.float32), lattice.Cast(torch.float32, torch.CPU));
            Tensor[] fused = Differentiate(lattice, scores, lengths, RecursionKind.Fused, learnsArcs: !inFloat32);
            Tensor[] other = Differentiate(
                lattice.Cast(torch.float64, torch.CPU), scores.to(torch.float64), lengths, RecursionKind.Differentiable, learnsArcs: !inFloat32);
            Tensor scale = torch.where(other[0].isfinite(), other[0].abs(), 1).clamp(min: 1);
            string where = $"{frames} frames";
            using (Assert.EnterMultipleScope())
            {
                Assert.That(fused[0].isfinite().equal(other[0].isfinite()).all().item<bool>(), where);
                Assert.That(Distance.Between(Finite(fused[0]) / scale, Finite(other[0]) / scale), Is.LessThan(ofLoss), $"loss, {where}");
                for (int i = 1; i < fused.Length; i++)
                {
                    Assert.That(Distance.Between(fused[i].to(torch.float64), other[i]), Is.LessThan(ofGradient), $"gradient {i}, {where}");
                }
            }
        }
    }

    private static string[] Kinds() => [.. LatticeCase.Topologies.Where(name => name != "graph"), .. Bands.Keys];

    private static string[] ScoreNames() => [.. Scores.Keys];

    public enum Arc
    {
        Plain,
        Learned,
        Steep,
        Timed,
    }

    private static Lattice Build(string kind, long[] lengths, Arc arc)
    {
        // As long as fits, so that windows grow and shrink in most blocks; and a short one.
        long[][] targets = [[.. Enumerable.Range(0, (int)lengths[0] / 2).Select(u => 1L + (u * u % (Tokens - 1)))], lengths[1] > 2 ? [2, 2] : []];
        Lattice lattice = Bands.TryGetValue(kind, out int[]? band)
            ? Lattice.CreateBanded(
                [.. targets.Select(target => (long[])[0, .. target])],
                band,
                (_, _, _) => 0,
                (_, s) => s < 3 ? 0 : double.NegativeInfinity,
                (_, _) => 0,
                _ => 0)
            : LatticeCase.Topology(kind).Build(new Batch(targets, lengths, Tokens)).Numerator;
        if (arc == Arc.Plain) return lattice;
        Tensor scores = lattice.Arcs.Scores;
        if (arc == Arc.Timed) scores = scores.unsqueeze(0).repeat(lengths[0], 1, 1, 1);
        Tensor more = torch.randn(scores.shape, torch.float64, generator: new torch.Generator(7)) * (arc == Arc.Steep ? 40 : 1);
        return lattice.WithArcs(lattice.Arcs.WithScores(scores + more));
    }

    private static Tensor[] Differentiate(Lattice lattice, Tensor scores, long[] lengths, RecursionKind kind, bool learnsArcs)
    {
        Tensor[] leaves = [.. new[] { scores, lattice.Initial, lattice.Final }.Select(leaf => leaf.detach().clone().requires_grad_())];
        Tensor arcs = lattice.Arcs.Scores.detach().clone();
        if (learnsArcs) leaves = [.. leaves, arcs.requires_grad_()];
        Lattice learned = lattice.WithArcs(lattice.Arcs.WithScores(arcs)).WithInitial(leaves[1]).WithFinal(leaves[2]);
        Tensor likelihood = Recursion.LogLikelihood(learned, leaves[0], lengths, kind);
        likelihood.sum().backward();
        return [likelihood.detach().to(torch.float64), .. leaves.Select(leaf => leaf.grad!)];
    }

    private static Tensor Finite(Tensor numbers) => torch.where(numbers.isfinite(), numbers, 0);

    private static Tensor Holding() => torch.tensor([-55.0, -55, -55, -55, 0, -55, -55]);

    private static Tensor Noise(double scale, int frames = Longest, ulong seed = 1) =>
        torch.randn([frames, 2, Tokens], torch.float64, generator: new torch.Generator(seed)) * scale;
}
