using System.Globalization;
using Ctc.Engine.Decoding;
using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class OtcTests
{
    // The definition: CTC over the tokens and a star, whose score is the mean over the tokens; a target accepts what it is with stars between its
    // tokens, each at λ₁, and with stars in their places, each at λ₂.
    [Test]
    public void The_likelihood_is_that_of_all_paths_over_tokens_and_star([Range(0, 29)] int seed, [Values(-0.5, 0.7)] double selfLoop)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const double bypass = -1.3;
        RandomCase random = RandomCase.Draw(seed, longest: 4);
        Lattice lattice = Part(selfLoop, bypass).Build(random.Batch).Numerator;
        Tensor normalised = random.Logits.log_softmax(2);
        Tensor likelihood = Recursion.LogLikelihood(lattice, normalised, random.Batch.Frames);
        for (int b = 0; b < random.Batch.Size; b++)
        {
            long blank = random.Batch.Blank!.Value, star = random.Batch.Tokens;
            double[,] rows = WithStar(RandomCase.Rows(normalised, b, random.Batch.Frames[b]), blank);
            PathSum paths = PathEnumeration.Sum(
                rows,
                path => Weight(BestPath.Collapse(path, blank), random.Batch.Targets[b], star, selfLoop, bypass) > 0,
                path => Math.Log(Weight(BestPath.Collapse(path, blank), random.Batch.Targets[b], star, selfLoop, bypass)));
            Assert.That(likelihood[b].ToDouble(), Is.EqualTo(paths.LogLikelihood).Within(1e-9), $"utterance {b}");
        }
    }

    [Test]
    public void A_token_and_the_star_in_its_place_have_its_position()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor positions = Part(0, 0).Build(new Batch([[1, 2], [2]], [4, 4], tokens: 3)).Numerator.Positions!;
        Assert.That(positions.data<long>().ToArray(), Is.EqualTo(new[] { -1, -1, 0, 0, -1, -1, 1, 1, -1, -1, -1, -1, 0, 0, -1, -1, -1, -1, -1, -1 }));
    }

    [Test]
    public void Without_stars_it_is_CTC([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Tensor Loss(ObjectiveParts parts) => new Objective(parts, Reduction.None, InfeasiblePolicy.Zero).Evaluate(random.Logits, random.Batch).Loss;
        for (int b = 0; b < random.Batch.Size; b++)
        {
            double plain = Loss(new ObjectiveParts())[b].ToDouble(), starred = Loss(Parts(-100, -100))[b].ToDouble();
            if (plain != 0) Assert.That(starred, Is.EqualTo(plain).Within(1e-12)); // infeasible without stars, and all but infeasible with them
        }
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(Parts(0.5, -1), RandomCase.Draw(seed, longest: 5));
    }

    private static double[,] WithStar(double[,] rows, long blank)
    {
        int frames = rows.GetLength(0), tokens = rows.GetLength(1);
        var wider = new double[frames, tokens + 1];
        for (int t = 0; t < frames; t++)
        {
            double mean = 0;
            for (int v = 0; v < tokens; v++)
            {
                wider[t, v] = rows[t, v];
                if (v != blank) mean += Math.Exp(rows[t, v]) / (tokens - 1);
            }

            wider[t, tokens] = Math.Log(mean);
        }

        return wider;
    }

    // The sum over the ways in which a sequence is the target with stars.
    private static double Weight(ReadOnlySpan<long> sequence, ReadOnlySpan<long> target, long star, double selfLoop, double bypass)
    {
        if (sequence.Length == 0) return target.Length == 0 ? 1 : 0;
        double weight = 0;
        if (sequence[0] == star) weight += Math.Exp(selfLoop) * Weight(sequence[1..], target, star, selfLoop, bypass);
        if (target.Length > 0 && sequence[0] == star) weight += Math.Exp(bypass) * Weight(sequence[1..], target[1..], star, selfLoop, bypass);
        if (target.Length > 0 && sequence[0] == target[0]) weight += Weight(sequence[1..], target[1..], star, selfLoop, bypass);
        return weight;
    }

    private static ObjectiveParts Parts(double selfLoop, double bypass) => new() { Topology = Part(selfLoop, bypass) };

    private static ITopology Part(double selfLoop, double bypass) =>
        DiscoveredPart.Create<ITopology>("otc", string.Create(CultureInfo.InvariantCulture, $"self-loop: {selfLoop}, bypass: {bypass}"));
}
