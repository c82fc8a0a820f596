using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused;
using Ctc.Engine.Recursions.Fused.Labels;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;
using Ctc.Engine.Recursions.Fused.Results;
using Ctc.Engine.Tests.Recursions.Fused.Numbers;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions.Fused;

/// <summary>In double, vectors of all widths give the bits that one number after the other gives, but for numbers near the least double.</summary>
[NoTensorLeaks]
public class DoublePassTests
{
    private const int Frames = 25, States = 15, Tokens = 12;

    private static readonly Batch Targets = new([[1, 3, 3, 4, 1, 2, 5], [1, 2, 2, 1]], [Frames, 21], Tokens);

    private static readonly Dictionary<string, Func<Tensor>> Scores = new()
    {
        ["moderate"] = () => Noise(1).log_softmax(2),
        ["wide"] = () => Noise(300),
        ["with −∞"] = () => Noise(3).masked_fill(Noise(1, seed: 5) > 2, double.NegativeInfinity),
        ["with NaN"] = () => Noise(1).masked_fill(Noise(1, seed: 5) > 2, double.NaN),
    };

    private static IEnumerable<string> ScoreNames => Scores.Keys;

    [Test]
    public void Over_arcs_of_a_few_lengths([ValueSource(nameof(ScoreNames))] string scores, [Values] bool scored) =>
        AssertSame(Run<EightDoubles>, Run<DoubleLanes256>, Run<DoubleLanes512>, () => Banded(scored), scores);

    [Test]
    public void Over_arcs_between_any_states([ValueSource(nameof(ScoreNames))] string scores, [Values("few", "all", "far apart")] string arcs) =>
        AssertSame(Run<EightDoubles>, Run<DoubleLanes256>, Run<DoubleLanes512>, () => Indexed(arcs), scores);

    [Test]
    public void Of_covariances([ValueSource(nameof(ScoreNames))] string scores, [Values] bool scored) =>
        AssertSame(Covary<EightDoubles>, Covary<DoubleLanes256>, Covary<DoubleLanes512>, () => Banded(scored), scores);

    [Test]
    public void Of_classes_of_tokens([ValueSource(nameof(ScoreNames))] string scores) => AssertSame(
        Read<EightDoubles>, Read<DoubleLanes256>, Read<DoubleLanes512>, () => new StarTopology(-0.5).Build(Targets).Numerator, scores);

    private static void AssertSame(
        Func<Lattice, Tensor, Tensor[]> one,
        Func<Lattice, Tensor, Tensor[]> narrow,
        Func<Lattice, Tensor, Tensor[]> wide,
        Func<Lattice> build,
        string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Lattice lattice, Tensor scores) = (build(), Scores[name]());
        Tensor[] expected = one(lattice, scores);
        Assert.That(expected[0].isneginf().all().item<bool>(), Is.False, "the case is not vacuous");
        AssertEqual(narrow(lattice, scores));
        if (Vector512.IsHardwareAccelerated) AssertEqual(wide(lattice, scores));

        void AssertEqual(Tensor[] found)
        {
            Assert.That(found, Has.Length.EqualTo(expected.Length));
            foreach ((Tensor own, Tensor other) in found.Zip(expected))
            {
                Tensor same = own.eq(other) | (own - other).abs().lt(1e-290) | (own.isnan() & other.isnan());
                Assert.That(same.all().item<bool>(), $"{own.str()}\n{other.str()}");
            }
        }
    }

    private static Lattice Indexed(string arcs)
    {
        Tensor scores = Noise([States, 2, States], arcs == "far apart" ? 300 : 1);
        if (arcs == "few") scores = scores.masked_fill(Noise([States, 2, States], 1, seed: 6) < 1, double.NegativeInfinity);
        return Banded(scored: false).WithArcs(new IndexedArcs(torch.arange(States).view(-1, 1, 1).expand(States, 2, States), scores));
    }

    private static Lattice Banded(bool scored)
    {
        Lattice lattice = new CtcTopology().Build(Targets).Numerator;
        return scored ? lattice.WithArcs(lattice.Arcs.WithScores(lattice.Arcs.Scores + Noise(lattice.Arcs.Scores.shape, 1))) : lattice;
    }

    private static Tensor[] Run<TLanes>(Lattice lattice, Tensor scores)
        where TLanes : struct, IDoubleLanes<TLanes>
    {
        var batch = LatticeBatch<double>.Create(lattice, scores, torch.tensor(Targets.Frames.ToArray()));
        using IPass<double> pass = DoublePass.Create<double, TLanes>(batch, Frames, FrameBlocks.Limit);
        return Outputs(pass, batch, lattice);
    }

    private static Tensor[] Covary<TLanes>(Lattice lattice, Tensor scores)
        where TLanes : struct, IDoubleLanes<TLanes>
    {
        Tensor lengths = torch.tensor(Targets.Frames.ToArray());
        var batch = new BandedBatch<double>(lattice, scores, lengths);
        Lattice ofArcs = lattice.WithArcs(lattice.Arcs.WithScores(Noise(lattice.Arcs.Scores.shape, 1, seed: 7)));
        var values = new BandedBatch<double>(ofArcs, Noise(1, seed: 8), lengths);
        using var pass = new CovariancePass<double, TLanes>(batch, values, Frames, FrameBlocks.Limit);
        Tensor[] outputs = Outputs(pass, batch, lattice);
        GC.KeepAlive(values);
        return [.. outputs, torch.tensor(pass.Mean)];
    }

    private static Tensor[] Outputs(IPass<double> pass, LatticeBatch<double> batch, Lattice lattice)
    {
        var posterior = new FusedPosterior<double>(batch, lattice, _ => true);
        var memory = new PosteriorMemory<double>(posterior);
        var totals = new double[batch.Utterances];
        for (int b = 0; b < totals.Length; b++)
        {
            totals[b] = pass.Forward(b);
            if (double.IsFinite(totals[b])) pass.Backward(memory);
        }

        GC.KeepAlive(batch);
        Tensor occupancy = posterior.Dense(posterior.Shares, torch.ones([2], torch.float64));
        return [torch.tensor(totals), occupancy, .. posterior.Expectations.Select(own => own!)];
    }

    private static Tensor[] Read<TLanes>(Lattice lattice, Tensor scores)
        where TLanes : struct, IDoubleLanes<TLanes>
    {
        TokenClasses classes = lattice.Classes!;
        Tensor every = torch.arange(Tokens + classes.Rest.shape[1]).expand(2, -1).contiguous(), byLabel = Noise([Frames, 2, every.shape[1]], 1).abs();
        var labels = new FusedLabels<double, TLanes>(every, classes, scores, torch.tensor(Targets.Frames.ToArray()), logits: true);
        Tensor read = labels.Read(scores);
        (Tensor ofRest, Tensor ofListed) = labels.ByWeight(scores, byLabel);
        return [read, labels.ByToken(scores, byLabel, throughSoftmax: true), ofRest, ofListed];
    }

    private static Tensor Noise(double scale, ulong seed = 1) => Noise([Frames, 2, Tokens], scale, seed);

    private static Tensor Noise(long[] shape, double scale, ulong seed = 2) =>
        torch.randn(shape, torch.float64, generator: new torch.Generator(seed)) * scale;
}
