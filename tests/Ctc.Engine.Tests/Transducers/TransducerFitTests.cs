using Ctc.Engine.Decoding.PrefixBeam;
using Ctc.Engine.Objectives;
using Ctc.Engine.Transducers;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Transducers;

[NoTensorLeaks]
public class TransducerFitTests
{
    [TestCase(typeof(ReadsLoss), null)]
    [TestCase(typeof(ReadsEntropy), null)]
    [TestCase(typeof(ReadsPlaces), null)]
    [TestCase(typeof(ReadsLogProbs), "'reads-log-probs' reads the log-probabilities of each frame, and the scores of a transducer depend on")]
    [TestCase(typeof(ReadsOccupancy), "'reads-occupancy' reads Occupancy of frames, and the scores of a transducer depend on")]
    [TestCase(typeof(ReadsInTraining), "'reads-in-training' reads the log-probabilities of each frame, and the scores of a transducer depend on")]
    public void A_part_fits_if_it_reads_what_a_transducer_has(Type part, string? start)
    {
        var created = (IPart)Activator.CreateInstance(part)!;
        string? fault = TransducerFit.FindFault(created is IAuxiliaryTerm ? typeof(IAuxiliaryTerm) : typeof(ILossWeighting), created);
        if (start is null) Assert.That(fault, Is.Null);
        else Assert.That(fault, Does.StartWith(start));
    }

    [Test]
    public void An_objective_refuses_what_does_not_fit()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var transducer = new TransducerTopology(new TransducerOptions());
        var beam = new PrefixBeamDecoder(new PrefixBeamOptions());
        Refused(new ObjectiveParts { Topology = transducer, Decoder = beam }, "'prefix-beam' reads a score of");
        Refused(new ObjectiveParts { Topology = transducer, Emissions = [new Halves()] }, "'halves' changes the scores of tokens in frames");
        Refused(new ObjectiveParts { Topology = transducer, Targets = [new Halves()] }, "'halves' changes the share of each token");
        Refused(new ObjectiveParts { Topology = transducer, Lattice = [new Halves()] }, "'halves' changes the arcs of a lattice");
        Refused(new ObjectiveParts { Weighting = [new ReadsPlaces()] }, "'reads-places' reads the places (t, u) of a transducer, and the topology is");
        var head = new ObjectiveHead("middle", new ObjectiveParts { Weighting = [new ReadsPlaces()] }, 1);
        Assert.That(
            () => new Objective(new ObjectiveParts(), heads: [head]),
            Throws.ArgumentException.With.Message.StartsWith("'reads-places' reads the places (t, u) of a transducer"));
        Assert.That(
            () => new Objective(new ObjectiveParts(), heads: [new ObjectiveHead("middle", new ObjectiveParts { Topology = transducer }, 1)]),
            Throws.ArgumentException.With.Message.StartsWith("there is a head on the stream 'middle' beside or of a transducer"));

        void Refused(ObjectiveParts parts, string start) =>
            Assert.That(() => new Objective(parts), Throws.ArgumentException.With.Message.StartsWith(start));
    }

    // The weight is the expected number of tokens, that of the target, by the shares of the places.
    [Test]
    public void A_part_reads_the_places_that_it_declares()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(
            new ObjectiveParts { Topology = TransducerTopologyTests.Create(torch.float64), Weighting = [new ReadsPlaces()] }, Reduction.None);
        var batch = new Batch([[0, 2], [2]], [3, 2], 3, 1);
        var output = new EncoderOutput(torch.randn([3, 2, 4], torch.float64, generator: new torch.Generator(1)));
        double[] plain = [.. objective.InspectTransducer(output, batch).Loss.data<double>()];
        double[] weighed = [.. objective.Evaluate(output, batch).Loss.data<double>()];
        Assert.That(weighed, Is.EqualTo(new[] { 2 * plain[0], plain[1] }).Within(1e-9));
        Assert.That(
            () => PartEvaluation.For(new ReadsLoss(), objective.InspectTransducer(output, batch)).Places,
            Throws.InvalidOperationException.With.Message.Contains("reads Places, which it does not declare; expected Needs = Needs.Places"));
        using var frames = new Objective(new ObjectiveParts());
        Assert.That(
            () => PartEvaluation.For(new ReadsPlaces(), frames.Inspect(torch.zeros(3, 2, 3, dtype: torch.float64), batch)).Places,
            Throws.InvalidOperationException.With.Message.StartsWith("The topology is no transducer"));
    }

    [Test]
    public void A_part_that_reads_later_what_is_not_there_is_named()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(
            new ObjectiveParts { Topology = TransducerTopologyTests.Create(torch.float32), Weighting = [new ReadsLater()] });
        var batch = new Batch([[0]], [2], 3, 1, new Progress(5, 1, Training: true));
        Assert.That(
            () => objective.Evaluate(torch.zeros(2, 1, 4), batch),
            Throws.TypeOf<PartException>().With.Message.StartsWith(
                "The part 'reads-later' failed: it reads the log-probabilities of each frame, and a transducer has none"));
    }

    [Part("reads-loss")]
    private sealed class ReadsLoss : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => evaluation.Loss * evaluation.SumFrames(evaluation.Mask.to(evaluation.Loss.dtype));
    }

    [Part("reads-entropy", Needs = Needs.Entropy)]
    private sealed class ReadsEntropy : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => evaluation.Entropy;
    }

    [Part("reads-places", Needs = Needs.Places)]
    private sealed class ReadsPlaces : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => evaluation.Places.Tokens.sum([1L, 2L]);
    }

    [Part("reads-log-probs")]
    private sealed class ReadsLogProbs : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => evaluation.LogProbs.sum([0L, 2L]);
    }

    [Part("reads-occupancy", Needs = Needs.Occupancy)]
    private sealed class ReadsOccupancy : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => evaluation.Occupancy.sum([0L, 2L]);
    }

    [Part("reads-later")]
    private sealed class ReadsLater : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) =>
            evaluation.Batch.Progress.Step > 0 ? evaluation.LogProbs.sum([0L, 2L]) : torch.ones_like(evaluation.Loss);
    }

    [Part("reads-in-training", Needs = Needs.OtherView)]
    private sealed class ReadsInTraining : IAuxiliaryTerm
    {
        public Tensor Evaluate(Evaluation evaluation) => evaluation.Batch.Progress.Training
            ? evaluation.OtherView(evaluation.LogProbs).sum([0L, 2L])
            : torch.zeros_like(evaluation.Loss);
    }

    [Part("halves")]
    private sealed class Halves : IEmissionTransform, ITargetTransform, ILatticeTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores;

        public FrameTargets Transform(FrameTargets targets, Evaluation evaluation) => targets;

        public Lattice Transform(Lattice lattice, Batch batch) => lattice;
    }
}
