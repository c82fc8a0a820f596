using System.Text.Json.Nodes;
using Ctc.Engine.Frames;
using Ctc.Engine.Objectives;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Tests.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Topologies;

[NoTensorLeaks]
[TestFixture(RecursionKind.Auto)]
[TestFixture(RecursionKind.Differentiable)]
public class TopologyTests(RecursionKind kind)
{
    [TestCase("no-blank", "noblank_noskip")]
    [TestCase("modified", "modified")]
    [TestCase("selfless", "selfless")]
    public void Loss_and_gradient_are_those_that_were_worked_out_arc_by_arc(string topology, string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        GoldenCase golden = GoldenCase.Read("derived_topologies");
        using var objective = new Objective(new ObjectiveParts { Topology = LatticeCase.Topology(topology) }, Reduction.Sum);
        Tensor leaf = golden.Inputs.requires_grad_();

        ObjectiveResult result = objective.Evaluate(leaf, golden.Batch);
        result.Loss.backward();

        JsonNode expected = golden.Expected[name]!;
        Assert.That(
            result.PerUtterance.data<double>().ToArray(),
            Is.EqualTo(GoldenCase.Numbers<double>(expected["loss"]!)).Within(golden.Tolerance("loss_abs")));
        Assert.That(Distance.Between(leaf.grad!, GoldenCase.Tensor(expected["grad_logits"]!)), Is.LessThan(golden.Tolerance("grad_abs")));
    }

    // k2 numbers the states as we do, and its state 0 is also where a path begins.
    [TestCase(0, "ctc")]
    [TestCase(1, "ctc")]
    [TestCase(0, "modified", 3, 5, 2)]
    public void Arcs_and_final_states_are_those_of_k2(int position, string topology, params int[] extra)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        string golden = Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "k2_ctc_graph_topology.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(golden))!["cases"]![position]!;
        IEnumerable<string> expected = json["arcs"]!.AsArray().Select(arc => string.Join(" ", GoldenCase.Numbers<int>(arc!)));
        if (extra.Length > 0) expected = expected.Append(string.Join(" ", extra));

        Lattice lattice = LatticeCase.Topology(topology).Build(new Batch([GoldenCase.Numbers<long>(json["targets"]!)], [9], tokens: 4)).Numerator;
        var arcs = (BandedArcs)lattice.Arcs;
        int states = (int)lattice.Labels.shape[1];
        IEnumerable<string> found =
            from k in Enumerable.Range(0, arcs.Offsets.Count)
            from s in Enumerable.Range(0, states)
            where arcs.Scores[k, 0, s].item<double>() == 0
            select $"{s - arcs.Offsets[k]} {s} {lattice.Labels[0, s].item<long>()}";

        Assert.That(found, Is.EquivalentTo(expected));
        Assert.That(
            Enumerable.Range(0, states).Where(s => lattice.Final[0, s].item<double>() == 0),
            Is.EqualTo(GoldenCase.Numbers<int>(json["final"]!)));
    }

    [Test]
    [Category("Slow")]
    public void Each_topology_sums_the_paths_that_its_definition_accepts(
        [Values("modified", "no-blank", "selfless")] string topology, [Range(0, 99)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Batch batch = random.Batch;
        Lattice lattice = LatticeCase.Topology(topology).Build(batch).Numerator;
        Tensor likelihood = Recursion.LogLikelihood(lattice, random.Logits, batch.Frames, kind);
        Tensor occupancy = Recursion.Occupancy(lattice, random.Logits, batch.Frames, kind);
        Tensor entropy = Recursion.Entropy(lattice, random.Logits, batch.Frames, kind);
        using ViterbiAlignment best = Viterbi.Align(lattice, random.Logits, batch.Frames, kind);
        for (int b = 0; b < batch.Size; b++)
        {
            double[,] rows = RandomCase.Rows(random.Logits, b, batch.Frames[b]);
            PathSum expected = topology switch
            {
                "modified" => PathEnumeration.Modified(rows, batch.Targets[b], batch.Blank!.Value),
                "no-blank" => PathEnumeration.NoBlank(rows, batch.Targets[b]),
                _ => PathEnumeration.Selfless(rows, batch.Targets[b], batch.Blank!.Value),
            };
            using (Assert.EnterMultipleScope())
            {
                Assert.That(likelihood[b].item<double>(), Is.EqualTo(expected.LogLikelihood).Within(1e-11));
                Assert.That(RandomCase.Rows(occupancy, b, batch.Frames[b]), Is.EqualTo(expected.Occupancy).Within(1e-11));
                Assert.That(entropy[b].item<double>(), Is.EqualTo(expected.Entropy).Within(1e-11));
                Assert.That(best.Score[b].item<double>(), Is.EqualTo(expected.BestScore).Within(1e-11));
            }
        }
    }

    // The empty target has no state under no-blank: it is feasible without frames, and infeasible with some.
    [Test]
    public void The_fewest_frames_suffice_and_fewer_do_not(
        [ValueSource(typeof(LatticeCase), nameof(LatticeCase.Topologies))] string name, [Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Batch batch = LatticeCase.Batch(seed, exact: true).Batch;
        ITopology topology = LatticeCase.Topology(name);
        Lattice lattice = topology.Build(batch).Numerator;
        IReadOnlyList<long> fewest = FewestFrames.Find(topology, batch);
        long[] enough =
            [.. fewest.Select(frames => frames == long.MaxValue ? 12 : frames)], tooFew = [.. enough.Select(frames => Math.Max(frames - 1, 0))];
        Tensor even = torch.zeros([12, batch.Size, batch.Tokens], torch.float64);
        double[] Likelihood(long[] frames) => Recursion.LogLikelihood(lattice, even, frames, kind).data<double>().ToArray();

        Assert.That(Likelihood(enough).Select(double.IsFinite), Is.EqualTo(fewest.Select(frames => frames < long.MaxValue)));
        Assert.That(Likelihood(tooFew).Where((_, b) => tooFew[b] < fewest[b]), Is.All.EqualTo(double.NegativeInfinity));
    }

    [Test]
    public void Without_blanks_the_empty_target_fits_no_frames_and_nothing_else()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[], [], [1]], [0, 2, 2], tokens: 2, blank: null);
        Tensor likelihood = Recursion.LogLikelihood(new NoBlankTopology().Build(batch).Numerator, torch.zeros([2, 3, 2]), batch.Frames, kind);
        Assert.That(likelihood.data<float>().ToArray(), Is.EqualTo(new[] { 0, double.NegativeInfinity, 0 }));
    }

    [TestCase("ctc")]
    [TestCase("modified")]
    [TestCase("selfless")]
    public void A_topology_with_blanks_refuses_a_batch_without(string topology) => Assert.That(
        () => LatticeCase.Topology(topology).Build(new Batch([[1]], [2], tokens: 2, blank: null)),
        Throws.ArgumentException.With.Message.EqualTo($"The topology {topology} needs a blank, and the batch has none. (Parameter 'batch')"));
}
