using Ctc.Engine.Objectives;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Graphs;

[NoTensorLeaks]
public class GraphTests
{
    private static readonly ScoredState[] First = [new(0)];

    [Test]
    public void An_utterance_without_a_graph_is_aligned_as_under_ctc_ties_included([Range(0, 29)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Tensor scores = (random.Logits * 2).round() / 8;
        Lattice graph = new GraphTopology().Build(random.Batch).Numerator, ctc = new CtcTopology().Build(random.Batch).Numerator;
        using ViterbiAlignment one = Viterbi.Align(graph, scores, random.Batch.Frames), other = Viterbi.Align(ctc, scores, random.Batch.Frames);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(one.States.equal(other.States).all().item<bool>());
            Assert.That(
                Recursion.LogLikelihood(graph, scores, random.Batch.Frames).data<double>().ToArray(),
                Is.EqualTo(Recursion.LogLikelihood(ctc, scores, random.Batch.Frames).data<double>().ToArray()).Within(1e-14));
        }
    }

    // "colour" or "color": with even tokens each path of either weighs the same, so the spellings add up by their probabilities.
    [Test]
    public void Two_spellings_add_up_by_their_probabilities()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const long blank = 0;
        long[] colour = [1, 2, 3], color = [1, 3];
        Graph either = Graph.AnyOf((Graph.FromTarget(colour, blank), Math.Log(0.25)), (Graph.FromTarget(color, blank), Math.Log(0.75)));
        Tensor scores = torch.randn([5, 3, 4], torch.float64, generator: new torch.Generator(1)).narrow(1, 0, 1).expand(-1, 3, -1);
        var batch = new Batch([colour, color, colour], [5, 5, 5], tokens: 4, graphs: [null, null, either]);
        double[] likelihood =
            [.. Recursion.LogLikelihood(new GraphTopology().Build(batch).Numerator, scores, batch.Frames).data<double>().ToArray().Select(Math.Exp)];
        Assert.That(likelihood[2], Is.EqualTo((0.25 * likelihood[0]) + (0.75 * likelihood[1])).Within(4).Ulps);
    }

    [Test]
    public void Alternatives_accept_the_empty_path_if_one_does() => Assert.That(
        Graph.AnyOf((Graph.FromTarget([], 0), Math.Log(0.5)), (Graph.FromTarget([1], 0), 0), (Graph.FromTarget([], 0), Math.Log(0.25))).Empty,
        Is.EqualTo(Math.Log(0.75)).Within(1e-15));

    // Two arcs from state 0 to state 1 and one back: the paths over three frames are 0 1 0, twice, for state 0 alone ends.
    [Test]
    public void Parallel_arcs_are_two_paths_and_cycles_are_allowed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var graph = new Graph([0, 1], [new(0, 1), new(0, 1, Math.Log(3)), new(1, 0)], First, First);
        var batch = new Batch([[]], [3], tokens: 2, graphs: [graph]);
        Lattice lattice = new GraphTopology().Build(batch).Numerator;
        Tensor scores = torch.zeros([3, 1, 2], torch.float64);
        Assert.That(Recursion.LogLikelihood(lattice, scores, batch.Frames).item<double>(), Is.EqualTo(Math.Log(4)).Within(1e-15));
        Assert.That(Recursion.Entropy(lattice, scores, batch.Frames).item<double>(), Is.EqualTo(Math.Log(4) - (0.75 * Math.Log(3))).Within(1e-15));
    }

    [Test]
    public void Of_arcs_that_tie_the_one_listed_first_wins([Values] bool swapped)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        GraphArc[] arcs = [new(0, 2), new(1, 2)];
        var graph = new Graph([0, 1, 1], swapped ? [.. arcs.Reverse()] : arcs, [new(0), new(1)], [new(2)]);
        var batch = new Batch([[1]], [2], tokens: 2, graphs: [graph]);
        using ViterbiAlignment best = Viterbi.Align(new GraphTopology().Build(batch).Numerator, torch.zeros([2, 1, 2]), batch.Frames);
        Assert.That(best.States.flatten().data<long>().ToArray(), Is.EqualTo(swapped ? new long[] { 1, 2 } : [0, 2]));
    }

    [Test]
    public void Slots_are_filled_in_the_order_of_the_arcs_and_padded_to_the_batch()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Lattice lattice = Lattice.FromGraphs(
            [new Graph([3], [], First, First), new Graph([1, 2], [new(1, 1, -1), new(0, 1, -2), new(0, 0, -3)], First, [new(1, -4)])]);
        var arcs = (IndexedArcs)lattice.Arcs;
        const double None = double.NegativeInfinity;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lattice.Labels.data<long>().ToArray(), Is.EqualTo(new long[] { 3, 0, 1, 2 }));
            Assert.That(arcs.Scores.data<double>().ToArray(), Is.EqualTo(new[] { None, None, -3, -1, None, None, None, -2 }));
            Assert.That(arcs.Sources.data<long>().ToArray(), Is.EqualTo(new long[] { 0, 0, 0, 1, 0, 0, 0, 0 }));
            Assert.That(lattice.Final.data<double>().ToArray(), Is.EqualTo(new[] { 0, None, None, -4 }));
            Assert.That(lattice.Empty.data<double>().ToArray(), Is.EqualTo(new[] { None, None }));
        }
    }

    [Test]
    public void A_graph_without_states_or_a_batch_without_utterances_is_no_trouble()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[], []], [0, 2], tokens: 2, graphs: [new Graph([], [], [], [], -1), new Graph([], [], [], [], -1)]);
        Assert.That(
            Recursion.LogLikelihood(new GraphTopology().Build(batch).Numerator, torch.zeros([2, 2, 2]), batch.Frames).data<float>().ToArray(),
            Is.EqualTo(new[] { -1, double.NegativeInfinity }));
        var none = new Batch([], [], tokens: 2);
        using ViterbiAlignment best = Viterbi.Align(new GraphTopology().Build(none).Numerator, torch.zeros([2, 0, 2]), none.Frames);
        Assert.That(best.Tokens.shape, Is.EqualTo(new long[] { 2, 0 }));
    }

    [Test]
    public void What_is_wrong_with_a_graph_is_said_in_one_sentence()
    {
        using (Assert.EnterMultipleScope())
        {
            AssertRefused(() => new Graph([-1], [], [], []), "states[0] reads token -1; expected 0 or more.", "labels");
            AssertRefused(() => new Graph([0], [new(1, 0)], [], []), "arcs[0] comes from state 1; expected a state in [0, 1).", "arcs");
            AssertRefused(() => new Graph([0], [new(0, 0), new(0, -1)], [], []), "arcs[1] goes to state -1; expected a state in [0, 1).", "arcs");
            AssertRefused(
                () => new Graph([0], [new(0, 0, double.NaN)], [], []),
                "arcs[0] scores NaN; expected a number, or −∞ for what is not allowed.",
                "arcs");
            AssertRefused(() => new Graph([0], [], [new(0), new(0)], []), "initial[1] is state 0 again; expected each state once.", "initial");
            AssertRefused(() => new Graph([0], [], [], [new(2)]), "final[0] is state 2; expected a state in [0, 1).", "final");
            AssertRefused(
                () => new Graph([0], [], [], [], double.PositiveInfinity),
                "empty scores Infinity; expected a number, or −∞ for what is not allowed.",
                "empty");
            AssertRefused(() => new Batch([[]], [1], 2, graphs: []), "There are 0 graphs for 1 targets; expected one, or null, for each.", "graphs");
            AssertRefused(
                () => new Batch([[]], [1], 2, names: ["a"], graphs: [new Graph([2], [], [], [])]),
                "states[0] in the graph of utterance a reads token 2; expected a token in [0, 2).",
                "graphs");
            AssertRefused(
                () => new GraphTopology().Build(new Batch([[1]], [1], 2, blank: null)),
                "The topology graph needs a blank for an utterance without a graph, and the batch has none.",
                "batch");
        }
    }

    [Test]
    public void An_objective_says_why_a_graph_cannot_be_aligned()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts { Topology = new GraphTopology() });
        Graph chain = new([0, 1, 0], [new(0, 1), new(1, 2)], First, [new(2)]), deadEnd = new([0, 1], [new(0, 0)], First, [new(1)]);
        var batch = new Batch([[1], [1], [1], [1, 1]], [2, 5, 5, 2], tokens: 2, graphs: [chain, deadEnd, chain, null]);
        Assert.That(
            () => objective.Evaluate(torch.zeros(5, 4, 2), batch),
            Throws.TypeOf<InfeasibleException>().With.Message.StartsWith(
                "4 of 4 utterances cannot be aligned with their targets: 0 has 2 frames and needs 3; "
                + "1 has no path from a start to an end, whatever its frames; 2 has no path of positive probability; 3 has 2 frames and needs 3."));
    }

    [Test]
    public void A_graph_is_trained_towards_like_any_target()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts { Topology = new GraphTopology() });
        var batch = new Batch([[1]], [4], tokens: 3, graphs: [Graph.AnyOf((Graph.FromTarget([1], 0), 0), (Graph.FromTarget([2], 0), 0))]);
        Tensor logits = torch.randn([4, 1, 3], torch.float64, generator: new torch.Generator(2)).requires_grad_();
        objective.Evaluate(logits, batch).Loss.backward();
        Tensor occupancy = objective.Inspect(logits.detach(), batch).Occupancy;
        Assert.That(Distance.Between(logits.grad!, logits.detach().softmax(2) - occupancy), Is.LessThan(1e-15));
        Assert.That(objective.Inspect(logits.detach(), batch).ViterbiPath.shape, Is.EqualTo(new long[] { 4, 1 }));
    }

    private static void AssertRefused(Func<object> make, string message, string? parameter = null) => Assert.That(
        () => make(),
        Throws.ArgumentException.With.Message.EqualTo(parameter is null ? message : $"{message} (Parameter '{parameter}')"));
}
