using System.Globalization;
using Ctc.Engine.Decoding;
using Ctc.Engine.Objectives;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class MwerTests
{
    // Two uniform frames over blank and 1: "1" has probability 3/4, "" has 1/4. For the target "1" they have 0 errors and 1, on average 1/2.
    [Test]
    public void The_term_is_the_expected_number_of_errors_above_their_mean()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor term = Term(torch.zeros([2, 1, 2], torch.float64), new Batch([[1]], [2], tokens: 2), "weight: 2, paths: 200");
        Assert.That(term.ToDouble(), Is.EqualTo(2 * (0.25 - 0.5)).Within(1e-14));
    }

    // With so many draws every hypothesis is among them, and the term is exact.
    [Test]
    [Category("Slow")]
    public void With_many_draws_it_is_the_expectation_over_all_hypotheses(
        [Range(0, 9)] int seed, [Values("paths: 3000", "source: n-best, paths: 300")] string options)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = Likely(seed);
        Tensor term = Term(random.Logits, random.Batch, $"weight: 1, {options}");
        using Tensor normalised = random.Logits.log_softmax(2);
        for (int b = 0; b < random.Batch.Size; b++)
        {
            if (Hypotheses(RandomCase.Rows(normalised, b, random.Batch.Frames[b]), random.Batch.Blank!.Value) is not { } all) continue;
            double[] errors = [.. all.Keys.Select(hypothesis => (double)EditDistance.Between<long>(Parse(hypothesis), random.Batch.Targets[b]))];
            double expected = all.Values.Zip(errors, (share, edits) => share * (edits - errors.Average())).Sum();
            if (term[b].ToDouble() != 0) Assert.That(term[b].ToDouble(), Is.EqualTo(expected).Within(1e-9), $"utterance {b}");
        }
    }

    // The hypotheses are what the first of the list of all paths spell.
    [Test]
    public void The_n_best_are_those_of_the_list_of_all_paths([Range(0, 19)] int seed, [Values(2, 5)] int paths)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed, longest: 4);
        Tensor term = Term(random.Logits, random.Batch, $"weight: 1, source: n-best, paths: {paths}");
        using Tensor normalised = random.Logits.log_softmax(2);
        for (int b = 0; b < random.Batch.Size; b++)
        {
            (double[,] rows, long blank) = (RandomCase.Rows(normalised, b, random.Batch.Frames[b]), random.Batch.Blank!.Value);
            long[] target = random.Batch.Targets[b];
            if (double.IsNegativeInfinity(PathEnumeration.Ctc(rows, target, blank).LogLikelihood)) continue;
            var all = new List<(string Spelled, double Score)>();
            PathEnumeration.Sum(rows, path =>
            {
                all.Add((string.Join(' ', BestPath.Collapse(path, blank)), path.Select((token, t) => rows[t, token]).Sum()));
                return true;
            });
            long[][] listed = [.. all.OrderByDescending(path => path.Score).Take(paths).Select(path => path.Spelled).Distinct().Select(Parse)];
            double[] shares = [.. listed.Select(hypothesis => Math.Exp(PathEnumeration.Ctc(rows, hypothesis, blank).LogLikelihood))];
            double[] errors = [.. listed.Select(hypothesis => (double)EditDistance.Between<long>(hypothesis, target))];
            double expected = shares.Zip(errors, (share, edits) => share / shares.Sum() * (edits - errors.Average())).Sum();
            Assert.That(term[b].ToDouble(), Is.EqualTo(expected).Within(1e-9), $"utterance {b}");
        }
    }

    [Test]
    public void The_same_step_draws_the_same_paths_and_another_step_others()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = torch.randn([12, 1, 6], torch.float64, generator: new torch.Generator(3));
        double At(double step) =>
            Term(logits, new Batch([[1, 2, 3]], [12], 6, progress: new Progress((long)step, 0, Training: true)), "paths: 2").ToDouble();
        (double once, double again) = (At(1), At(1));
        Assert.That(again, Is.EqualTo(once));
        Assert.That(Enumerable.Range(2, 5).Select(step => At(step)).Distinct().Count(), Is.GreaterThan(1));
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences(
        [Range(0, 4)] int seed, [Values("paths: 2000", "source: n-best, paths: 3", "source: n-best, paths: 200")] string options)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(Parts($"weight: 0.7, {options}"), Likely(seed));
    }

    // Short, and with logits so near each other that each hypothesis is likely.
    private static RandomCase Likely(int seed)
    {
        RandomCase random = RandomCase.Draw(seed, longest: 3);
        return random with { Logits = random.Logits / 4 };
    }

    // Each hypothesis with its probability; null without frames.
    private static Dictionary<string, double>? Hypotheses(double[,] scores, long blank)
    {
        var all = new Dictionary<string, double>();
        PathEnumeration.Sum(scores, path =>
        {
            double probability = Math.Exp(Enumerable.Range(0, path.Length).Sum(t => scores[t, path[t]]));
            string spelled = string.Join(' ', BestPath.Collapse(path, blank));
            all[spelled] = all.GetValueOrDefault(spelled) + probability;
            return true;
        });
        return all;
    }

    private static long[] Parse(string hypothesis) =>
        [.. hypothesis.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(token => long.Parse(token, CultureInfo.InvariantCulture))];

    private static Tensor Term(Tensor logits, Batch batch, string options)
    {
        using Objective whole = new(Parts(options), Reduction.None, InfeasiblePolicy.Zero);
        using Objective plain = new(new ObjectiveParts(), Reduction.None, InfeasiblePolicy.Zero);
        return whole.Evaluate(logits, batch).Loss - plain.Evaluate(logits, batch).Loss;
    }

    private static ObjectiveParts Parts(string options) => new() { Auxiliary = [DiscoveredPart.Create<IAuxiliaryTerm>("mwer", options)] };
}
