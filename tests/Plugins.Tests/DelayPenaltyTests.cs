using System.Globalization;
using Ctc.Engine.Decoding;
using Ctc.Engine.Objectives;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class DelayPenaltyTests
{
    // Two uniform frames, target "1", the middle is frame 1: the paths 11 and 1- enter in frame 0 and gain λ, the path -1 enters in frame 1.
    [TestCase(0.7)]
    [TestCase(-3)]
    public void Entering_before_the_middle_gains_what_entering_behind_it_would_cost(double lambda)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective penalised = new(Parts(lambda));
        double loss = penalised.Evaluate(torch.zeros([2, 1, 2], torch.float64), new Batch([[1]], [2], tokens: 2)).Loss.ToDouble();
        Assert.That(loss, Is.EqualTo(Math.Log(4 / ((2 * Math.Exp(lambda)) + 1))).Within(1e-14));
    }

    [Test]
    [Category("Slow")]
    public void Likelihood_occupancy_entropy_and_best_score_equal_the_enumeration_of_all_paths(
        [Range(0, 49)] int seed, [Values(0.6, -0.6)] double lambda)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Batch batch = random.Batch;
        long blank = batch.Blank!.Value;
        Lattice lattice = Part(lambda).Transform(new CtcTopology().Build(batch).Numerator, batch);

        Tensor likelihood =
            Recursion.LogLikelihood(lattice, random.Logits, batch.Frames), occupancy = Recursion.Occupancy(lattice, random.Logits, batch.Frames);
        Tensor entropy = Recursion.Entropy(lattice, random.Logits, batch.Frames);
        using ViterbiAlignment best = Viterbi.Align(lattice, random.Logits, batch.Frames);

        for (int b = 0; b < batch.Size; b++)
        {
            // By hand: a token is entered in a frame that reads it if the frame before does not.
            double Penalty(long[] path) => -lambda * Enumerable.Range(0, path.Length)
                .Where(t => path[t] != blank && (t == 0 || path[t] != path[t - 1])).Sum(t => t - (path.Length / 2));
            PathSum expected = PathEnumeration.Sum(
                RandomCase.Rows(random.Logits, b, batch.Frames[b]), path =>
                    BestPath.Collapse(path, blank).AsSpan().SequenceEqual(batch.Targets[b]), Penalty);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(likelihood[b].ToDouble(), Is.EqualTo(expected.LogLikelihood).Within(1e-10));
                Assert.That(RandomCase.Rows(occupancy, b, batch.Frames[b]), Is.EqualTo(expected.Occupancy).Within(1e-10));
                Assert.That(entropy[b].ToDouble(), Is.EqualTo(expected.Entropy).Within(1e-10));
                Assert.That(best.Score[b].ToDouble(), Is.EqualTo(expected.BestScore).Within(1e-10));
            }
        }
    }

    [Test]
    public void On_any_lattice_each_arc_from_elsewhere_into_a_token_pays(
        [Range(0, 9)] int seed, [Values("ctc", "no-blank", "modified", "over tokens")] string rule, [Values] bool indexed, [Values] bool timed,
        [Values(0.6, -0.6)] double lambda)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed, longest: 4);
        Batch batch = random.Batch;
        Lattice lattice = Build(rule, batch);
        if (timed)
        {
            Tensor noise =
                torch.rand([random.Logits.shape[0], .. lattice.Arcs.Scores.shape], torch.float64, generator: new torch.Generator((ulong)seed));
            lattice = lattice.WithArcs(lattice.Arcs.WithScores(lattice.Arcs.Scores + noise));
        }

        Lattice given = indexed ? lattice.WithArcs(Index((BandedArcs)lattice.Arcs, lattice.Labels.shape[1])) : lattice;
        Tensor likelihood = Recursion.LogLikelihood(Part(lambda).Transform(given, batch), random.Logits, batch.Frames);

        for (int b = 0; b < batch.Size; b++)
        {
            Assert.That(likelihood[b].ToDouble(), Is.EqualTo(SumOfStatePaths(lattice, random.Logits, batch, b, lambda)).Within(1e-10));
        }
    }

    [Test]
    public void Two_penalties_add_up([Range(0, 4)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Lattice lattice = new CtcTopology().Build(random.Batch).Numerator;
        Tensor Likelihood(Lattice some) => Recursion.LogLikelihood(some, random.Logits, random.Batch.Frames);
        Tensor once = Likelihood(Part(0.75).Transform(lattice, random.Batch));
        Tensor twice = Likelihood(Part(0.5).Transform(Part(0.25).Transform(lattice, random.Batch), random.Batch));
        Assert.That(twice.data<double>().ToArray(), Is.EqualTo(once.data<double>().ToArray()).Within(1e-12));
    }

    [Test]
    public void A_token_is_said_earlier_the_dearer_delay_is()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1]], [7], tokens: 3);
        double[] inFirstFrame = [.. new[] { -0.5, 0, 0.5, 1 }.Select(lambda =>
        {
            using var objective = new Objective(Parts(lambda));
            return objective.Inspect(torch.zeros([7, 1, 3], torch.float64), batch).Occupancy[0, 0, 1].ToDouble();
        })];
        Assert.That(inFirstFrame, Is.Ordered.Ascending);
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([Range(0, 19)] int seed, [Values(0.01, 0.8, -0.8)] double lambda)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(Parts(lambda), RandomCase.Draw(seed));
    }

    private static ObjectiveParts Parts(double lambda) => new() { Lattice = [Part(lambda)] };

    private static ILatticeTransform Part(double lambda) =>
        DiscoveredPart.Create<ILatticeTransform>("delay-penalty", string.Create(CultureInfo.InvariantCulture, $"lambda: {lambda}"));

    private static Lattice Build(string rule, Batch batch)
    {
        Lattice ctc = new CtcTopology().Build(batch).Numerator;
        static double Allowed(bool allowed) => allowed ? 0 : double.NegativeInfinity;
        return rule switch
        {
            "no-blank" => Lattice.CreateBanded(
                batch.Targets, [0, 1], (_, _, _) =>
                    0, (_, s) => Allowed(s == 0), (labels, s) => Allowed(s == labels.Length - 1), labels => Allowed(labels.Length == 0)),
            "modified" =>
                ctc.WithArcs(ctc.Arcs.WithScores(torch.where(ctc.Labels == batch.Blank!.Value, ctc.Arcs.Scores, torch.zeros_like(ctc.Arcs.Scores)))),
            // A path may leave out tokens, so states do not say how many it has entered.
            "over tokens" => ctc.WithArcs(ctc.Arcs.WithScores(torch.zeros_like(ctc.Arcs.Scores))),
            _ => ctc,
        };
    }

    private static IndexedArcs Index(BandedArcs banded, long states)
    {
        Tensor position = torch.arange(states);
        // [K, B, S]
        Tensor from = torch.stack(banded.Offsets.Select(offset => position - offset)).unsqueeze(1).expand(-1, banded.Scores.shape[^2], -1);
        return new IndexedArcs(from.clamp(min: 0), banded.Scores.masked_fill(from < 0, double.NegativeInfinity));
    }

    // ln Σ over all paths through the states, arc by arc; an entry scores −λ(t − ⌊N/2⌋).
    private static double SumOfStatePaths(Lattice lattice, Tensor scores, Batch batch, int b, double lambda)
    {
        var arcs = (BandedArcs)lattice.Arcs;
        long frames = batch.Frames[b], states = lattice.Labels.shape[1];
        double Label(long s, long t) => scores[t, b, lattice.Labels[b, s].item<long>()].ToDouble();
        double Entry(long s, long t) => lattice.Labels[b, s].item<long>() == batch.Blank ? 0 : -lambda * (t - (frames / 2));
        double Walk(long s, long t)
        {
            if (t == frames - 1) return Math.Exp(lattice.Final[b, s].ToDouble());
            double sum = 0;
            for (int k = 0; k < arcs.Offsets.Count; k++)
            {
                long next = s + arcs.Offsets[k];
                if (next >= states) continue;
                double arc = arcs.Scores.dim() == 4 ? arcs.Scores[t + 1, k, b, next].ToDouble() : arcs.Scores[k, b, next].ToDouble();
                double entry = next == s ? 0 : Entry(next, t + 1);
                if (!double.IsNegativeInfinity(arc)) sum += Math.Exp(arc + entry + Label(next, t + 1)) * Walk(next, t + 1);
            }

            return sum;
        }

        if (frames == 0) return lattice.Empty[b].ToDouble();
        return Math.Log(
            Enumerable.Range(0, (int)states).Sum(s => Math.Exp(lattice.Initial[b, s].ToDouble() + Entry(s, 0) + Label(s, 0)) * Walk(s, 0)));
    }
}
