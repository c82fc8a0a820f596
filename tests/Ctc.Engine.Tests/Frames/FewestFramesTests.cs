using Ctc.Engine.Frames;
using Ctc.Engine.Tests.Recursions;
using Ctc.Engine.Topologies;

namespace Ctc.Engine.Tests.Frames;

public class FewestFramesTests
{
    /// <summary>By hand: U + r under ctc, where r tokens equal their predecessor; U under the topologies that need no blank between them.</summary>
    [TestCase("ctc", new[] { 0, 1, 3, 6 })]
    [TestCase("modified", new[] { 0, 1, 3, 4 })]
    [TestCase("selfless", new[] { 0, 1, 3, 4 })]
    [TestCase("no-blank", new[] { 0, 1, 3, 4 })]
    public void They_are_the_tokens_and_the_blanks_between_equal_ones(string topology, int[] expected)
    {
        var batch = new Batch([[], [2], [1, 2, 1], [1, 1, 1, 2]], [9, 9, 9, 9], tokens: 3);
        Assert.That(FewestFrames.Find(LatticeCase.Topology(topology), batch), Is.EqualTo(expected));
    }

    [Test]
    public void Those_of_a_target_are_those_of_its_lattice_under_ctc()
    {
        var random = new Random(1);
        long[][] targets = [.. Enumerable.Range(0, 60).Select(b => Enumerable.Range(0, b % 9).Select(_ => random.NextInt64(1, 4)).ToArray())];
        var batch = new Batch(targets, [.. targets.Select(_ => 20L)], tokens: 4);
        IReadOnlyList<long> ofLattices = FewestFrames.Find(new CtcTopology().Build(batch).Numerator);
        Assert.That(FewestFrames.Find(new CtcTopology(), batch), Is.EqualTo(ofLattices));
        Assert.That(ofLattices.Max(), Is.GreaterThan(targets.Max(target => target.Length)), "with equal neighbours");
    }

    [Test]
    public void Without_a_blank_ctc_has_none()
    {
        var batch = new Batch([[1]], [9], tokens: 3, blank: null);
        Assert.That(() => FewestFrames.Find(new CtcTopology(), batch), Throws.ArgumentException.With.Message.Contains("needs a blank"));
    }

    [Test]
    public void Of_a_graph_they_are_those_of_its_shortest_path_and_without_a_path_no_number_suffices()
    {
        GraphArc[] through = [new(0, 1), new(1, 2), new(0, 2)];
        Graph shortcut = new([1, 2, 1], through, [new(0)], [new(2)]), broken = new([1, 2], [], [new(0)], [new(1)]);
        var batch = new Batch([[1], [1], [1, 1]], [9, 9, 9], tokens: 3, graphs: [shortcut, broken, null]);
        Assert.That(FewestFrames.Find(new GraphTopology(), batch), Is.EqualTo(new[] { 2, long.MaxValue, 3 }));
    }

    [Test]
    public void Some_utterances_of_a_large_batch_have_their_own()
    {
        long[][] targets = [.. Enumerable.Range(0, 150).Select(b => Enumerable.Repeat(1L, b % 7).ToArray())];
        var batch = new Batch(targets, [.. targets.Select(_ => 20L)], tokens: 2);
        int[] some = [149, 3, 70];
        Assert.That(FewestFrames.Find(new CtcTopology(), batch, some), Is.EqualTo(some.Select(b => Math.Max((2 * (b % 7)) - 1, 0))));
        Assert.That(FewestFrames.Find(new CtcTopology(), batch), Has.Count.EqualTo(150));
    }
}
