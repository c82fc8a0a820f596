using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;
using Ctc.Engine.Recursions.Fused.Results;
using Ctc.Engine.Recursions.Fused.Singles;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions.Fused;

/// <summary>Vectors of all widths give the same bits, and what float32 may not hold is left to doubles.</summary>
[NoTensorLeaks]
public class SinglePassTests
{
    private static readonly Dictionary<string, Func<int, Tensor>> Scores = new()
    {
        ["moderate"] = tokens => Noise(tokens, 1).log_softmax(2),
        ["wide"] = tokens => Noise(tokens, 60),
        ["with −∞"] = tokens => Noise(tokens, 3).masked_fill(Noise(tokens, 1, seed: 5) > 2, float.NegativeInfinity),
    };

    [Test]
    public void All_vectors_compute_the_same_bits(
        [Values("moderate", "wide", "with −∞")] string name, [Values(6, 16, 29, 32, 40, 500)] int tokens, [Values] bool timed)
    {
        if (!System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated) Assert.Ignore("This processor has no vectors of 512 bits.");
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = Scores[name](tokens);
        (double?[] narrow, Tensor ofNarrow) = Compute<Lanes128>(scores, timed);
        (double?[] middle, Tensor ofMiddle) = Compute<Lanes256>(scores, timed);
        (double?[] wide, Tensor ofWide) = Compute<Lanes512>(scores, timed);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(narrow, Has.All.Not.Null.And.All.GreaterThan(double.NegativeInfinity), "the case is not vacuous");
            Assert.That(middle, Is.EqualTo(narrow));
            Assert.That(wide, Is.EqualTo(narrow));
            Assert.That(ofMiddle.equal(ofNarrow).all().item<bool>() && ofWide.equal(ofNarrow).all().item<bool>());
            Assert.That(Distance.Between(ofWide.sum(2), torch.ones_like(ofWide.sum(2))), Is.LessThan(1e-6));
        }
    }

    // The exponents of 45 frames are within ±2²⁷ while the least score of a frame is within 2·10⁶ of its best one.
    [TestCase(0, true)]
    [TestCase(-1e6f, true)]
    [TestCase(-3e6f, false)]
    [TestCase(-1e9f, false)]
    [TestCase(float.NegativeInfinity, true)]
    [TestCase(float.NaN, false)]
    [TestCase(float.PositiveInfinity, false)]
    public void Float32_is_left_where_it_may_not_hold_the_numbers(float least, bool holds)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = Noise(6, 1);
        scores.select(2, 3).fill_(least);
        (double?[] totals, _) = Compute<Lanes128>(scores);
        Assert.That(totals[0] is not null, Is.EqualTo(holds));
    }

    // exp is computed of at most ±10⁷.
    [TestCase(0, true)]
    [TestCase(1e5f, true)]
    [TestCase(-1e5f, true)]
    [TestCase(1.1e7f, false)]
    [TestCase(-1.1e7f, false)]
    [TestCase(float.NegativeInfinity, true)]
    [TestCase(float.NaN, false)]
    [TestCase(float.PositiveInfinity, false)]
    public void Float32_is_left_where_it_may_not_hold_the_arcs(float arc, bool holds)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (double?[] totals, _) = Compute<Lanes128>(Noise(6, 1), change: scores => scores[2, 0, 3] = torch.tensor(arc));
        Assert.That(totals[0] is not null, Is.EqualTo(holds));
    }

    // No state reads token 0. Half of the tokens are used, so the scores of all are read; 6 and 10 tokens fill no whole vector.
    [TestCase(6)]
    [TestCase(10)]
    public void A_token_that_no_state_has_changes_no_number(int tokens)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[.. Enumerable.Range(1, tokens - 2)]], [20], tokens, tokens - 1);
        Lattice lattice = new CtcTopology().Build(batch).Numerator;
        Tensor scores = torch.randn([20, 1, tokens], torch.float32, generator: new torch.Generator(1));
        Tensor occupancy = Recursion.Occupancy(lattice, scores, batch.Frames, RecursionKind.Fused);
        scores.select(2, 0).fill_(1e6f);
        Assert.That(Recursion.Occupancy(lattice, scores, batch.Frames, RecursionKind.Fused).equal(occupancy).all().item<bool>());
    }

    private static (double?[] Totals, Tensor Occupancy) Compute<TLanes>(Tensor scores, bool timed = false, Action<Tensor>? change = null)
        where TLanes : struct, ILanes<TLanes>
    {
        Lattice lattice = new CtcTopology().Build(new Batch([[1, 3, 3, 4, 1, 2, 5], [1, 2, 2, 1]], [45, 31], scores.shape[2])).Numerator;
        lattice = lattice.Cast(torch.float32, torch.CPU);
        change?.Invoke(lattice.Arcs.Scores);
        if (timed)
        {
            Tensor more = torch.randn([45, .. lattice.Arcs.Scores.shape], torch.float32, generator: new torch.Generator(3));
            lattice = lattice.WithArcs(lattice.Arcs.WithScores(lattice.Arcs.Scores + more));
        }

        var batch = new BandedBatch<float>(lattice, scores, torch.tensor([45L, 31]));
        var posterior = new FusedPosterior<float>(batch, lattice, _ => false);
        var outputs = new PosteriorMemory<float>(posterior);
        using var pass = new SinglePass<TLanes>(batch, rows: 45, FrameBlocks.Limit);
        var totals = new double?[2];
        for (int b = 0; b < 2; b++)
        {
            totals[b] = pass.Forward(b);
            if (totals[b] is { } total && double.IsFinite(total)) pass.Backward(outputs);
        }

        Tensor occupancy = posterior.Dense(posterior.Shares, torch.ones([2], torch.float32));
        GC.KeepAlive(batch);
        return (totals, occupancy.narrow(0, 0, 31));
    }

    private static Tensor Noise(int tokens, float scale, ulong seed = 1) =>
        torch.randn([45, 2, tokens], torch.float32, generator: new torch.Generator(seed)) * scale;
}
