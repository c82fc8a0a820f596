using Ctc.Engine.Objectives;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

/// <summary>Topologies, variants and pairs of variants against plain loops over the list of all paths: no lattice, no recursion, no tensor.</summary>
[NoTensorLeaks]
public class EnumerationTests
{
    private static readonly (ITopology Topology, Func<double[,], long[], long, PathSum> Paths)[] Topologies =
    [
        (new CtcTopology(), PathEnumeration.Ctc),
        (new ModifiedTopology(), PathEnumeration.Modified),
        (new NoBlankTopology(), (scores, target, _) => PathEnumeration.NoBlank(scores, target)),
        (new SelflessTopology(), PathEnumeration.Selfless),
    ];

    // A part, and its formula on the numbers of one utterance.
    private static readonly (IPart Part, Action<Utterance> Formula)[] Variants =
    [
        (DiscoveredPart.Create<IEmissionTransform>("blank-penalty", "lambda: 0.7"), x => x.Rescore((y, v) => v == x.Blank ? y - 0.7 : y)),
        (DiscoveredPart.Create<IEmissionTransform>("temperature", "tau: 1.6"), x => { x.Rescore((y, _) => y / 1.6); x.Normalise(); }),
        (DiscoveredPart.Create<ITargetTransform>("label-smoothing", "epsilon: 0.2"), x => x.Smoothing = 0.2),
        (
            DiscoveredPart.Create<ILossWeighting>("focal", "alpha: 0.5, gamma: 2"),
            x => x.Weights.Add(loss => loss <= 0 ? 0 : 0.5 * Math.Pow(-Math.Exp(-loss) + 1, 2))),
        (DiscoveredPart.Create<ILossWeighting>("length", "power: 1"), x => x.Weights.Add(_ => 1.0 / Math.Max(x.Target.Length, 1))),
        (
            DiscoveredPart.Create<IAuxiliaryTerm>("uniform-kl", "alpha: 0.3"),
            x => { x.Share *= 0.7; x.Terms.Add(_ => 0.3 * x.Sum(y => y * Math.Exp(y)) + (0.3 * x.Frames * Math.Log(x.Tokens))); }),
        (DiscoveredPart.Create<IAuxiliaryTerm>("confidence-penalty", "beta: 0.4"), x => x.Terms.Add(_ => 0.4 * x.Sum(y => y * Math.Exp(y)))),
        (DiscoveredPart.Create<IAuxiliaryTerm>("entropy", "beta: 0.1"), x => { x.Share *= 0.9; x.Terms.Add(paths => -0.1 * paths.Entropy); }),
    ];

    // 25 seeds of 40 batches: 1,000 ragged batches, spread over topologies, single variants and pairs.
    [Test]
    [Category("Slow")]
    public void Losses_are_those_of_the_list_of_all_paths([Range(0, 24)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var random = new Random(seed);
        for (int i = 0; i < 40; i++)
        {
            (ITopology topology, Func<double[,], long[], long, PathSum> paths) = Topologies[random.Next(Topologies.Length)];
            var chosen = Variants.OrderBy(_ => random.Next()).Take(random.Next(3)).ToArray();
            RandomCase drawn = RandomCase.Draw((seed * 40) + i, longest: 5);
            IPart[] parts = [.. chosen.Select(variant => variant.Part)];
            var objective = new Objective(
                new ObjectiveParts
                {
                    Topology = topology,
                    Emissions = [.. parts.OfType<IEmissionTransform>()],
                    Targets = [.. parts.OfType<ITargetTransform>()],
                    Weighting = [.. parts.OfType<ILossWeighting>()],
                    Auxiliary = [.. parts.OfType<IAuxiliaryTerm>()],
                },
                Reduction.None,
                InfeasiblePolicy.Zero);

            Tensor loss = objective.Evaluate(drawn.Logits, drawn.Batch).Loss;
            for (int b = 0; b < drawn.Batch.Size; b++)
            {
                var utterance =
                    new Utterance(RandomCase.Rows(drawn.Logits, b, drawn.Batch.Frames[b]), drawn.Batch.Targets[b], drawn.Batch.Blank!.Value);
                foreach ((_, Action<Utterance> formula) in chosen) formula(utterance);
                string names = string.Join(", ", parts.Select(part => part.GetType().Name));
                string what = $"{topology.GetType().Name} with {names}, case {(seed * 40) + i}, utterance {b}";
                Assert.That(loss[b].ToDouble(), Is.EqualTo(utterance.Loss(paths)).Within(1e-9), what);
            }
        }
    }

    private sealed class Utterance
    {
        private readonly double[,] logProbs;
        private readonly double[,] scores;

        public Utterance(double[,] logits, long[] target, long blank)
        {
            (Target, Blank, Frames, Tokens) = (target, blank, logits.GetLength(0), logits.GetLength(1));
            scores = (double[,])logits.Clone();
            Normalise();
            logProbs = (double[,])scores.Clone();
        }

        public long[] Target { get; }

        public long Blank { get; }

        public int Frames { get; }

        public int Tokens { get; }

        public double Share { get; set; } = 1;

        public double Smoothing { get; set; }

        public List<Func<double, double>> Weights { get; } = [];

        public List<Func<PathSum, double>> Terms { get; } = [];

        public void Rescore(Func<double, int, double> change) => Each((t, v) => scores[t, v] = change(scores[t, v], v));

        public void Normalise()
        {
            double[] sums = Normalisers();
            Each((t, v) => scores[t, v] -= sums[t]);
        }

        public double Sum(Func<double, double> of)
        {
            double sum = 0;
            Each((t, v) => sum += of(logProbs[t, v]));
            return sum;
        }

        public double Loss(Func<double[,], long[], long, PathSum> enumerate)
        {
            PathSum paths = enumerate(scores, Target, Blank);
            if (double.IsNegativeInfinity(paths.LogLikelihood)) return 0; // infeasible
            double likelihood = -paths.LogLikelihood, total = likelihood, renormalised = likelihood + Normalisers().Sum();
            Each((t, v) => total += Smoothing * (paths.Occupancy[t, v] - (1.0 / Tokens)) * scores[t, v]); // γ − γ' = ε(γ − 1/V)
            return (Share * Weights.Aggregate(1.0, (product, weight) => product * weight(renormalised)) * total) + Terms.Sum(term => term(paths));
        }

        private double[] Normalisers() =>
            [.. Enumerable.Range(0, Frames).Select(t => Math.Log(Enumerable.Range(0, Tokens).Sum(v => Math.Exp(scores[t, v]))))];

        private void Each(Action<int, int> visit)
        {
            for (int t = 0; t < Frames; t++)
            {
                for (int v = 0; v < Tokens; v++) visit(t, v);
            }
        }
    }
}
