using Ctc.Engine.Objectives;

namespace Ctc.Engine.Tests.Graphs;

/// <summary>What a constructor of the contract has checked cannot be changed through the caller's arrays.</summary>
public class CopyTests
{
    [Test]
    public void A_batch_keeps_copies_of_what_it_checks()
    {
        long[] target = [1, 2], frames = [5];
        string[] names = ["a"];
        Graph?[] graphs = [null];
        long[][] targets = [target];
        var batch = new Batch(targets, frames, tokens: 3, names: names, graphs: graphs);
        (target[0], frames[0], names[0], graphs[0], targets[0]) = (99, -1, "b", new Graph([99], [], [], []), [99]);

        Assert.That(batch.Targets, Is.EqualTo(new[] { new long[] { 1, 2 } }));
        Assert.That(batch.Frames, Is.EqualTo(new long[] { 5 }));
        Assert.That(batch.Names, Is.EqualTo(new[] { "a" }));
        Assert.That(batch.Graphs, Is.EqualTo(new Graph?[] { null }));
    }

    [Test]
    public void A_graph_an_alphabet_and_banded_arcs_keep_copies()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long[] labels = [0];
        GraphArc[] arcs = [new(0, 0)];
        ScoredState[] first = [new(0)], last = [new(0)];
        string[] symbols = ["a", "b"];
        int[] offsets = [0, 1];
        var graph = new Graph(labels, arcs, first, last);
        var alphabet = new Alphabet(symbols);
        var banded = new BandedArcs(offsets, torch.zeros(2, 1, 1));
        (labels[0], arcs[0], first[0], last[0], symbols[0], offsets[0]) = (-1, new(7, 7), new(7), new(7), "b", -1);

        Assert.That(
            (graph.Labels[0], graph.Arcs[0], graph.Initial[0], graph.Final[0]),
            Is.EqualTo((0L, new GraphArc(0, 0), new ScoredState(0), new ScoredState(0))));
        Assert.That(alphabet[1], Is.EqualTo("a"));
        Assert.That(banded.Offsets, Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public void A_wrong_batch_names_the_parameter()
    {
        (Action Make, string Parameter)[] wrong =
        [
            (() => _ = new Batch([[1]], [1, 2], 2), "frames"),
            (() => _ = new Batch([[1]], [-1], 2), "frames"),
            (() => _ = new Batch([[2]], [1], 2), "targets"),
            (() => _ = new Batch([null!], [1], 2), "targets"),
            (() => _ = new Batch([[1]], [1], 0), "tokens"),
            (() => _ = new Batch([[1]], [1], 2, blank: 2), "blank"),
            (() => _ = new Batch([[1]], [1], 2, names: []), "names"),
            (() => _ = new Batch([[1]], [1], 2, graphs: [new Graph([2], [], [], [])]), "graphs"),
        ];
        foreach ((Action make, string parameter) in wrong)
        {
            Assert.That(() => make(), Throws.ArgumentException.With.Property("ParamName").EqualTo(parameter));
        }
    }

    [Test]
    public void An_infeasible_batch_is_reported_with_positions()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts());
        var failure = Assert.Throws<InfeasibleException>(() => objective.Evaluate(torch.zeros(2, 3, 3),
            new Batch([[1], [1, 1], [1, 2, 1]], [2, 2, 2], tokens: 3)))!;
        Assert.That(failure.Utterances, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(failure.Message, Does.Not.Contain("objective."));
        Assert.That(failure, Is.InstanceOf<CtcException>());
    }
}
