using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Engine.Tests.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Decoding;

/// <summary>What paths spell, and decoding by the best path of a topology.</summary>
[NoTensorLeaks]
[TestFixture(RecursionKind.Auto)]
[TestFixture(RecursionKind.Differentiable)]
public class SpellingTests(RecursionKind kind)
{
    [Test]
    public void Every_path_of_ctc_and_selfless_spells_its_target_and_of_modified_and_no_blank_the_target_without_repeats(
        [Values("ctc", "selfless", "modified", "no-blank")] string name, [Range(0, 39)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        ITopology topology = LatticeCase.Topology(name);
        Lattice lattice = topology.Build(random.Batch).Numerator;
        bool merges = name is "modified" or "no-blank";
        for (int b = 0; b < random.Batch.Size; b++)
        {
            long[] target = random.Batch.Targets[b], merged = [.. target.Where((token, u) => u == 0 || target[u - 1] != token)];
            foreach (LatticePath path in LatticePathEnumeration.Paths(lattice, new double[random.Batch.Frames[b], random.Batch.Tokens], b))
            {
                long[] tokens = [.. path.States.Select(state => lattice.Labels[b, state].item<long>())];
                long[] spelled = topology.Spell(tokens, random.Batch.Vocabulary);
                if (!merges) Assert.That(spelled, Is.EqualTo(target));
                // Under modified a blank may still keep equal neighbours apart.
                else if (name == "no-blank" || merged.Length == target.Length) Assert.That(spelled, Is.EqualTo(merged));
                else Assert.That(spelled.Where((token, u) => u == 0 || spelled[u - 1] != token), Is.EqualTo(merged));
            }
        }
    }

    [Test]
    public void Without_a_lattice_of_everything_the_likeliest_token_of_each_frame_is_spelled()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        // Utterance 0 reads 1 1 0 1, utterance 1 reads 2 2 and padding, utterance 2 has NaN, utterance 3 has no frames.
        Tensor logits = torch.zeros([4, 4, 3], torch.float64);
        foreach ((int t, int b, int v) in new[] { (0, 0, 1), (1, 0, 1), (2, 0, 0), (3, 0, 1), (0, 1, 2), (1, 1, 2), (2, 1, 1) }) logits[t, b, v] = 5;
        logits[1, 2, 0] = double.NaN;
        var batch = new Batch([[1], [2], [], []], [4, 2, 4, 0], tokens: 3);
        IReadOnlyList<Hypothesis> Read(ITopology topology) => [.. Decode(topology, logits, batch).Select(read => read.Single())];

        IReadOnlyList<Hypothesis> ctc = Read(new CtcTopology()), selfless = Read(new SelflessTopology());
        Assert.That(ctc.Select(read => read.Tokens), Is.EqualTo(new long[][] { [1, 1], [2], [], [] }));
        Assert.That(selfless.Select(read => read.Tokens), Is.EqualTo(new long[][] { [1, 1, 1], [2, 2], [], [] }));
        Assert.That(ctc.Select(read => read.Path), Is.EqualTo(new long[]?[] { [1, 1, 0, 1], [2, 2], null, [] }));
        double each = 5 - Math.Log(Math.Exp(5) + 2);
        Assert.That((ctc[0].Score, ctc[1].Score, ctc[3].Score), Is.EqualTo((4 * each, 2 * each, 0.0)).Within(1e-14));
    }

    [Test]
    public void With_a_lattice_of_everything_its_best_path_is_spelled([Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        var topology = new Transitions();
        IReadOnlyList<IReadOnlyList<Hypothesis>> read = Decode(topology, random.Logits, random.Batch);
        Lattice all = topology.BuildEverything(random.Batch);
        Tensor logProbs = random.Logits.log_softmax(2);
        for (int b = 0; b < random.Batch.Size; b++)
        {
            LatticePath best = LatticePathEnumeration.Sum(all, RandomCase.Rows(logProbs, b, random.Batch.Frames[b]), b).Best!;
            long[] path = [.. best.States.Select(state => (long)state)];
            Assert.That(read[b][0].Path, Is.EqualTo(path));
            Assert.That(read[b][0].Score, Is.EqualTo(best.Score).Within(1e-12));
            Assert.That(read[b][0].Tokens, Is.EqualTo(random.Batch.Vocabulary.Spell(path)));
        }
    }

    [Test]
    public void Draws_of_everything_are_paths_of_its_lattice()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(3);
        BatchEvaluation evaluation = new Objective(new ObjectiveParts { Topology = new Transitions() }, recursion: kind)
            .Inspect(random.Logits, random.Batch);
        BatchPaths drawn = evaluation.Draw(4), best = evaluation.Distribution(evaluation.Everything!).Best;
        Assert.That(drawn.States!.equal(drawn.Tokens).all().item<bool>());
        Assert.That((drawn.Scores <= best.Scores + 1e-12).all().item<bool>());
    }

    [Test]
    public void Emission_transforms_do_not_change_what_is_decoded()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(5);
        using var plain = new Objective(new ObjectiveParts(), recursion: kind);
        using var shifted = new Objective(new ObjectiveParts { Emissions = [new Reversed()] }, recursion: kind);
        Assert.That(Tokens(shifted), Is.EqualTo(Tokens(plain)));

        long[][] Tokens(Objective objective) =>
            [.. objective.Decode(new EncoderOutput(random.Logits), random.Batch).Select(read => read[0].Tokens)];
    }

    private IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(ITopology topology, Tensor logits, Batch batch)
    {
        using var objective = new Objective(new ObjectiveParts { Topology = topology }, recursion: kind);
        return objective.Decode(new EncoderOutput(logits), batch);
    }

    private sealed class Reversed : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => -scores;
    }
}
