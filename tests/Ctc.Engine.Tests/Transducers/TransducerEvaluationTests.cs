using Ctc.Engine.Objectives;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Transducer;
using Ctc.Engine.Tests.Recursions.Transducer;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Transducers;

[NoTensorLeaks]
public class TransducerEvaluationTests
{
    private static readonly Batch Ragged = new([[2, 2, 0], [], [0], [2]], [3, 2, 1, 0], 3, 1);

    [TestCase(RecursionKind.Auto)]
    [TestCase(RecursionKind.Differentiable)]
    public void The_entropy_is_that_of_all_alignments(RecursionKind kind)
    {
        for (int seed = 0; seed < 30; seed++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            TransducerCase drawn = TransducerCase.Draw(seed);
            double[] found = [.. TransducerRecursion.Entropy(drawn.Batch, drawn.Scores, kind).data<double>()];
            for (int b = 0; b < found.Length; b++)
            {
                double[] scores = [.. drawn.Alignments(b).Select(alignment => alignment.Score).Where(score => score > double.NegativeInfinity)];
                double total = scores.Sum(Math.Exp);
                double expected = scores.Sum(score => -Math.Exp(score) / total * (score - Math.Log(total)));
                Assert.That(found[b], Is.EqualTo(expected).Within(1e-9), $"{seed}, {b}");
            }
        }
    }

    [Test]
    public void The_gradient_of_the_entropy_is_that_of_finite_differences()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2], [1]], [3, 2], tokens: 3);
        Tensor scores = torch.randn([2, 3, 3, 3], torch.float64, generator: new torch.Generator(1));
        Tensor Sum(Tensor at) => TransducerRecursion.Entropy(batch, at).sum();
        Assert.That(Distance.Between(FiniteDifferences.Autograd(Sum, scores), FiniteDifferences.Gradient(Sum, scores)), Is.LessThan(1e-7));
    }

    // One utterance at a time, against the quantities of the whole batch.
    [Test]
    public void Alignments_places_and_entropy_are_those_of_the_log_probabilities()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Objective objective, Tensor encoded, Tensor logProbs) = Prepare();
        using Objective owned = objective;
        TransducerEvaluation evaluation = objective.InspectTransducer(new EncoderOutput(encoded), Ragged);
        using TransducerOccupancy places = TransducerRecursion.Occupancy(Ragged, logProbs);
        Assert.That(Distance.Between(evaluation.Places.Blanks, places.Blanks), Is.LessThan(1e-12));
        Assert.That(Distance.Between(evaluation.Places.Tokens, places.Tokens), Is.LessThan(1e-12));
        foreach ((TransducerPath own, TransducerPath expected) in evaluation.Alignments.Zip(TransducerViterbi.Align(Ragged, logProbs)))
        {
            Assert.That(own.Frames, Is.EqualTo(expected.Frames));
            Assert.That(own.Score, Is.EqualTo(expected.Score).Within(1e-12));
        }

        Tensor entropy = TransducerRecursion.Entropy(Ragged, logProbs);
        Assert.That(Distance.Between(evaluation.Entropy, entropy), Is.LessThan(1e-12));
        using (torch.no_grad())
        {
            Assert.That(Distance.Between(objective.InspectTransducer(new EncoderOutput(encoded), Ragged).Entropy, entropy), Is.LessThan(1e-12));
        }
    }

    [Test]
    public void Posteriors_are_averaged_over_the_places_that_alignments_visit()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Objective objective, Tensor encoded, Tensor logProbs) = Prepare();
        using Objective owned = objective;
        TransducerEvaluation evaluation = objective.InspectTransducer(new EncoderOutput(encoded), Ragged);
        Tensor one = evaluation.AveragePosteriors(1); // an empty target: one place in each frame
        Assert.That(Distance.Between(one, logProbs[1].select(1, 0).narrow(0, 0, 2).exp()), Is.LessThan(1e-12));
        Assert.That(Distance.Between(evaluation.AveragePosteriors(0).sum([1L]), torch.ones(3, torch.float64)), Is.LessThan(1e-12));
        Assert.That(evaluation.AveragePosteriors(3).shape, Is.EqualTo(new[] { 0, 3 }));
    }

    private static (Objective Objective, Tensor Encoded, Tensor LogProbs) Prepare()
    {
        var transducer = TransducerTopologyTests.Create(torch.float64);
        Tensor encoded = torch.randn([3, 4, 4], torch.float64, generator: new torch.Generator(3));
        Tensor logProbs = transducer.Join(encoded, Ragged).ComputeLogits().log_softmax(3).detach();
        return (new Objective(new ObjectiveParts { Topology = transducer }), encoded, logProbs);
    }
}
