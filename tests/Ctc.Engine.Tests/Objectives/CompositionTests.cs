using Ctc.Engine.Objectives;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>The formula that combines parts, compared with loops over enumerated paths.</summary>
public class CompositionTests
{
    private const double Sharpness = 1.5, Kept = 0.75, Damping = 0.1;

    [Test]
    public void Values_combine_as_the_formula_says([Range(0, 49)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        using var objective = new Objective(
            new ObjectiveParts
            {
                Emissions = [new Sharper()],
                Targets = [new Smoother(), new EvenFramesOnly()],
                Weighting = [new Damped(), new Tripled()],
                Auxiliary = [new OnePerFrame(), new LossAgain()],
            },
            Reduction.None,
            InfeasiblePolicy.Zero);

        Tensor loss = objective.Evaluate(random.Logits, random.Batch).Loss;

        for (int b = 0; b < random.Batch.Size; b++)
        {
            double expected = Expected(
                RandomCase.Rows(random.Logits.log_softmax(2), b, random.Batch.Frames[b]), random.Batch.Targets[b], random.Batch.Blank!.Value);
            Assert.That(loss[b].ToDouble(), Is.EqualTo(expected).Within(1e-10));
        }
    }

    [Test]
    public void What_is_not_declared_is_not_given()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts { Auxiliary = [new Undeclared()] });
        Assert.That(
            () => objective.Evaluate(torch.zeros(2, 1, 2), new Batch([[1]], [2], tokens: 2)),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "The part 'undeclared' reads ViterbiPath, which it does not declare; expected Needs = Needs.ViterbiPath in its Part attribute."));
    }

    private static double Expected(double[,] logProbs, long[] target, long blank)
    {
        int frames = logProbs.GetLength(0), tokens = logProbs.GetLength(1);
        var scores = new double[frames, tokens];
        double normaliser = 0;
        for (int t = 0; t < frames; t++)
        {
            double sum = 0;
            for (int v = 0; v < tokens; v++) sum += Math.Exp(scores[t, v] = Sharpness * logProbs[t, v]);
            normaliser += Math.Log(sum);
        }

        PathSum paths = PathEnumeration.Ctc(scores, target, blank);
        if (double.IsNegativeInfinity(paths.LogLikelihood)) return 0; // infeasible

        double likelihood = -paths.LogLikelihood, renormalised = likelihood + normaliser, total = likelihood;
        for (int t = 0; t < frames; t++)
        {
            for (int v = 0; v < tokens; v++)
            {
                double wanted = (Kept * paths.Occupancy[t, v]) + ((1 - Kept) / tokens);
                total += (paths.Occupancy[t, v] - ((t % 2 == 0 ? 1 : 0) * wanted)) * scores[t, v];
            }
        }

        return (0.5 * 0.8 * Math.Exp(-Damping * renormalised) * 3 * total) + frames + renormalised;
    }

    private sealed class Sharper : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores * Sharpness;
    }

    private sealed class Smoother : ITargetTransform
    {
        public FrameTargets Transform(FrameTargets targets, Evaluation evaluation) =>
            targets.WithShares((targets.Shares * Kept) + ((1 - Kept) / evaluation.Batch.Tokens));
    }

    private sealed class EvenFramesOnly : ITargetTransform
    {
        public FrameTargets Transform(FrameTargets targets, Evaluation evaluation) =>
            targets.WithWeights(targets.Weights * (1 - (torch.arange(targets.Weights.shape[0]) % 2)).unsqueeze(1));
    }

    private sealed class Damped : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => (evaluation.Loss * -Damping).exp();
    }

    private sealed class Tripled : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, 3);
    }

    private sealed class OnePerFrame : IAuxiliaryTerm
    {
        public double BaseShare(Progress progress) => 0.5;

        public Tensor Evaluate(Evaluation evaluation) => evaluation.SumFrames(torch.ones_like(evaluation.Mask, evaluation.Scores.dtype));
    }

    private sealed class LossAgain : IAuxiliaryTerm
    {
        public double BaseShare(Progress progress) => 0.8;

        public Tensor Evaluate(Evaluation evaluation) => evaluation.Loss;
    }

    [Part("undeclared")]
    private sealed class Undeclared : IAuxiliaryTerm
    {
        public Tensor Evaluate(Evaluation evaluation) => evaluation.ViterbiPath.sum([0]);
    }
}
