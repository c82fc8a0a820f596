using Ctc.Engine.Frames;
using Ctc.Engine.Objectives;
using Ctc.Engine.Paths;
using Ctc.Engine.Tests.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Paths;

/// <summary>The k best paths, against the list of all paths.</summary>
[NoTensorLeaks]
public class BestPathsTests
{
    [Test]
    [Category("Slow")]
    public void Of_any_lattice_they_are_the_first_of_the_list_of_all_paths([Range(0, 47)] int seed, [Values(1, 3, 40)] int count)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        Tensor lengths = FrameMask.Lengths(drawn.Frames, torch.CPU);
        BatchPaths found = BestPaths.OfLattice(drawn.Lattice, drawn.Scores, lengths, count);
        for (int b = 0; b < drawn.Frames.Count; b++)
        {
            LatticePath[] all =
            [
                .. LatticePathEnumeration.Paths(drawn.Lattice, RandomCase.Rows(drawn.Scores, b, drawn.Frames[b]), b)
                    .OrderByDescending(path => path.Score),
            ];
            ILookup<string, double> scores = all.ToLookup(path => string.Join(' ', path.States), path => path.Score);
            for (int k = 0; k < count; k++)
            {
                double score = found.Scores[k, b].ToDouble();
                long[] states = Row(found.States!, k, b), tokens = Row(found.Tokens, k, b);
                Assert.That(score, Is.EqualTo(k < all.Length ? all[k].Score : double.NegativeInfinity).Within(1e-11));
                Assert.That(states.Skip((int)drawn.Frames[b]).Concat(tokens.Skip((int)drawn.Frames[b])), Is.All.EqualTo(-1));
                if (k >= all.Length) Assert.That(states.Concat(tokens), Is.All.EqualTo(-1));
                else Assert.That(scores[string.Join(' ', states.Take((int)drawn.Frames[b]))], Has.Some.EqualTo(score).Within(1e-11));
            }
        }
    }

    [Test]
    public void The_first_is_the_path_of_Viterbi_with_its_tokens([Range(0, 23)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        BatchPaths found = BestPaths.OfLattice(drawn.Lattice, drawn.Scores, FrameMask.Lengths(drawn.Frames, torch.CPU), 2);
        using ViterbiAlignment best = Viterbi.Align(drawn.Lattice, drawn.Scores, drawn.Frames);
        for (int b = 0; b < drawn.Frames.Count; b++)
        {
            if (!(found.Scores[0, b].ToDouble() > found.Scores[1, b].ToDouble())) continue; // equal ones are in any order
            Assert.That(found.Tokens[0].select(1, b).equal(best.Tokens.select(1, b)).all().item<bool>(), $"utterance {b}");
        }
    }

    [Test]
    [Category("Slow")]
    public void Without_a_lattice_they_are_the_best_of_all_sequences_of_tokens([Range(0, 23)] int seed, [Values(1, 4, 100)] int count)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed, longest: 4);
        using var objective = new Objective(new ObjectiveParts());
        BatchEvaluation evaluation = objective.Inspect(random.Logits, random.Batch);
        BatchPaths found = evaluation.FindBest(count);
        Assert.That(found.States, Is.Null);
        for (int b = 0; b < random.Batch.Size; b++)
        {
            double[,] rows = RandomCase.Rows(evaluation.LogProbs, b, random.Batch.Frames[b]);
            var scores = new Dictionary<string, double>();
            PathEnumeration.Sum(rows, path =>
            {
                scores[string.Join(' ', path)] = path.Select((token, t) => rows[t, token]).Sum();
                return true;
            });
            double[] best = [.. scores.Values.OrderDescending()];
            for (int k = 0; k < count; k++)
            {
                double score = found.Scores[k, b].ToDouble();
                Assert.That(score, Is.EqualTo(k < best.Length ? best[k] : double.NegativeInfinity).Within(1e-11));
                string path = string.Join(' ', Row(found.Tokens, k, b).Take((int)random.Batch.Frames[b]));
                if (k < best.Length) Assert.That(scores[path], Is.EqualTo(score).Within(1e-11));
                else Assert.That(Row(found.Tokens, k, b), Is.All.EqualTo(-1));
            }
        }
    }

    [Test]
    public void A_topology_with_a_lattice_of_every_path_finds_them_there()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts { Topology = new OneTokenOnly() });
        BatchEvaluation evaluation = objective.Inspect(torch.zeros([3, 1, 3], torch.float64), new Batch([[1]], [3], tokens: 3));
        BatchPaths found = evaluation.FindBest(5);
        Assert.That(found.Tokens.select(2, 0).data<long>().ToArray().Take(3), Is.All.EqualTo(2));
        Assert.That(found.Scores.select(1, 0).isneginf().sum().item<long>(), Is.EqualTo(4));
        Assert.That(() => evaluation.FindBest(0), Throws.InstanceOf<ArgumentException>());
    }

    [TestCase(0)]
    [TestCase(2)]
    public void Without_frames_there_is_one_empty_path(int total)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts());
        BatchPaths found = objective.Inspect(torch.zeros([total, 1, 2], torch.float64), new Batch([[]], [0], tokens: 2)).FindBest(3);
        Assert.That(found.Tokens.shape, Is.EqualTo(new long[] { 3, total, 1 }));
        Assert.That(found.Scores.data<double>().ToArray(), Is.EqualTo(new[] { 0, double.NegativeInfinity, double.NegativeInfinity }));
    }

    private static long[] Row(Tensor paths, int k, int b) =>
        paths.numel() == 0 ? [] : paths[k].select(1, b).contiguous().data<long>().ToArray();

    private sealed class OneTokenOnly : ITopology
    {
        public Lattices Build(Batch batch) => new CtcTopology().Build(batch);

        public Lattice? BuildEverything(Batch batch) => Lattice.CreateBanded(
            [.. batch.Targets.Select(_ => new long[] { 2 })], [0], (_, _, _) => 0, (_, _) => 0, (_, _) => 0, _ => 0);
    }
}
