using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;
using Ctc.Engine.Recursions.Fused.Results;
using Ctc.Engine.Recursions.Fused.Singles;
using Ctc.Engine.Recursions.Fused.Singles.Banded;
using Ctc.Engine.Recursions.Fused.Singles.Woven;
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

    private static bool Has256 => System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated;

    private static bool Has512 => System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated;

    [Test]
    public void All_vectors_compute_the_same_bits(
        [Values("moderate", "wide", "with −∞")] string name, [Values(6, 16, 29, 32, 40, 500)] int tokens, [Values] bool timed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = Scores[name](tokens);
        (double?[] narrow, Tensor ofNarrow) = Compute<Lanes128>(scores, timed);
        (double?[] middle, Tensor ofMiddle) = Has256 ? Compute<Lanes256>(scores, timed) : (narrow, ofNarrow);
        (double?[] wide, Tensor ofWide) = Has512 ? Compute<Lanes512>(scores, timed) : (middle, ofMiddle);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(narrow, Has.All.Not.Null.And.All.GreaterThan(double.NegativeInfinity), "the case is not vacuous");
            Assert.That(middle, Is.EqualTo(narrow));
            Assert.That(wide, Is.EqualTo(narrow));
            Assert.That(ofMiddle.equal(ofNarrow).all().item<bool>() && ofWide.equal(ofNarrow).all().item<bool>());
            Assert.That(Distance.Between(ofWide.sum(2), torch.ones_like(ofWide.sum(2))), Is.LessThan(1e-6));
        }
    }

    // Half of the vocabulary is used or less; a table of 32 tokens is picked from; blocks that are computed again.
    [Test]
    public void Woven_targets_have_the_bits_of_bands(
        [Values("moderate", "wide", "with −∞")] string name, [Values(6, 16, 32, 40, 500)] int tokens, [Values(FrameBlocks.Limit, 0)] long limit)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = Scores[name](tokens);
        using (Assert.EnterMultipleScope())
        {
            AssertSame<Lanes128>(scores, limit);
            if (Has256) AssertSame<Lanes256>(scores, limit);
            if (Has512) AssertSame<Lanes512>(scores, limit);
        }
    }

    [TestCase(new long[0])]
    [TestCase(new long[] { 2 })]
    [TestCase(new long[] { 2, 2 })]
    [TestCase(new long[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 1 })]
    public void Woven_targets_have_the_bits_of_bands_for_any_target(long[] target)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([target, [1, 2, 3]], [45, 3], 22);
        Lattice lattice = new CtcTopology().Build(batch).Numerator.Cast(torch.float32, torch.CPU);
        Tensor scores = Noise(22, 3);
        (double?[] bands, Tensor ofBands) = Compute(scores, lattice, [45, 3], Bands<Lanes128>());
        (double?[] woven, Tensor ofWoven) = Compute(scores, lattice, [45, 3], Woven<Lanes128>());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(woven, Has.All.Not.Null, "it is taken");
            Assert.That(woven, Is.EqualTo(bands));
            Assert.That(ofWoven.equal(ofBands).all().item<bool>());
        }
    }

    [Test]
    public void Scored_arcs_and_other_labels_are_left_to_bands()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using (Assert.EnterMultipleScope())
        {
            AssertLeft(lattice => lattice.Arcs.Scores[0, 0, 3] = torch.tensor(-1f), "an arc to the same state");
            AssertLeft(lattice => lattice.Arcs.Scores[1, 0, 3] = torch.tensor(float.NegativeInfinity), "an arc to the next state");
            AssertLeft(lattice => lattice.Arcs.Scores[2, 0, 3] = torch.tensor(-1f), "an arc over a blank");
            AssertLeft(lattice => lattice.Arcs.Scores[2, 0, 4] = torch.tensor(0f), "an arc over a label");
            AssertLeft(lattice => lattice.Labels[0, 4] = torch.tensor(1L), "another token for a blank");
            AssertLeft(lattice => lattice.Arcs.Scores[1, 0, 3] = torch.tensor(float.NaN), "no number");
        }

        static void AssertLeft(Action<Lattice> change, string what)
        {
            Lattice lattice = Ctc(6);
            change(lattice);
            (double?[] totals, _) = Compute(Noise(6, 1), lattice, [45, 31], Woven<Lanes128>());
            Assert.That((totals[0] is null, totals[1] is null), Is.EqualTo((true, false)), what);
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

    private static void AssertSame<TLanes>(Tensor scores, long limit)
        where TLanes : struct, ILanes<TLanes>
    {
        Lattice lattice = Ctc(scores.shape[2]);
        (double?[] bands, Tensor ofBands) = Compute(scores, lattice, [45, 31], Bands<TLanes>(limit));
        (double?[] woven, Tensor ofWoven) = Compute(scores, lattice, [45, 31], Woven<TLanes>(limit));
        Assert.That(woven, Has.All.Not.Null.And.All.GreaterThan(double.NegativeInfinity), "the case is not vacuous");
        Assert.That(woven, Is.EqualTo(bands));
        Assert.That(ofWoven.equal(ofBands).all().item<bool>());
    }

    private static Func<BandedBatch<float>, SinglePass> Bands<TLanes>(long limit = FrameBlocks.Limit)
        where TLanes : struct, ILanes<TLanes> => batch => new BandedSinglePass<TLanes>(batch, rows: 45, limit);

    private static Func<BandedBatch<float>, SinglePass> Woven<TLanes>(long limit = FrameBlocks.Limit)
        where TLanes : struct, ILanes<TLanes> => batch => new WovenSinglePass<TLanes>(batch, rows: 45, limit);

    private static Lattice Ctc(long tokens)
    {
        Lattice lattice = new CtcTopology().Build(new Batch([[1, 3, 3, 4, 1, 2, 5], [1, 2, 2, 1]], [45, 31], tokens)).Numerator;
        return lattice.Cast(torch.float32, torch.CPU);
    }

    private static (double?[] Totals, Tensor Occupancy) Compute<TLanes>(Tensor scores, bool timed = false, Action<Tensor>? change = null)
        where TLanes : struct, ILanes<TLanes>
    {
        Lattice lattice = Ctc(scores.shape[2]);
        change?.Invoke(lattice.Arcs.Scores);
        if (timed)
        {
            Tensor more = torch.randn([45, .. lattice.Arcs.Scores.shape], torch.float32, generator: new torch.Generator(3));
            lattice = lattice.WithArcs(lattice.Arcs.WithScores(lattice.Arcs.Scores + more));
        }

        return Compute(scores, lattice, [45, 31], Bands<TLanes>());
    }

    private static (double?[] Totals, Tensor Occupancy) Compute(
        Tensor scores, Lattice lattice, long[] frames, Func<BandedBatch<float>, SinglePass> create)
    {
        var batch = new BandedBatch<float>(lattice, scores, torch.tensor(frames));
        var posterior = new FusedPosterior<float>(batch, lattice, _ => false);
        var outputs = new PosteriorMemory<float>(posterior);
        using SinglePass pass = create(batch);
        var totals = new double?[2];
        for (int b = 0; b < 2; b++)
        {
            totals[b] = pass.Forward(b);
            if (totals[b] is { } total && double.IsFinite(total)) pass.Backward(outputs);
        }

        Tensor occupancy = posterior.Dense(posterior.Shares, torch.ones([2], torch.float32));
        GC.KeepAlive(batch);
        return (totals, occupancy.narrow(0, 0, frames.Min()));
    }

    private static Tensor Noise(int tokens, float scale, ulong seed = 1) =>
        torch.randn([45, 2, tokens], torch.float32, generator: new torch.Generator(seed)) * scale;
}
