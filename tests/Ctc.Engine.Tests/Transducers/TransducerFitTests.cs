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
    [TestCase(typeof(ReadsLogProbs), "'reads-log-probs' reads the log-probabilities of each frame, and the scores of a transducer depend on")]
    [TestCase(typeof(ReadsOccupancy), "'reads-occupancy' reads Occupancy of frames, and the scores of a transducer depend on")]
    public void A_part_fits_if_it_reads_what_a_transducer_has(Type part, string? start)
    {
        string? fault = TransducerFit.FindFault(typeof(ILossWeighting), (IPart)Activator.CreateInstance(part)!);
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
        Assert.That(
            () => new Objective(new ObjectiveParts(), heads: [new ObjectiveHead("middle", new ObjectiveParts { Topology = transducer }, 1)]),
            Throws.ArgumentException.With.Message.StartsWith("there is a head on the stream 'middle' beside or of a transducer"));

        void Refused(ObjectiveParts parts, string start) =>
            Assert.That(() => new Objective(parts), Throws.ArgumentException.With.Message.StartsWith(start));
    }

    [Test]
    public void A_part_that_first_reads_in_training_what_is_not_there_is_named()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(
            new ObjectiveParts { Topology = TransducerTopologyTests.Create(torch.float32), Weighting = [new ReadsLater()] });
        var batch = new Batch([[0]], [2], 3, 1, new Progress(0, 0, Training: true));
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
            evaluation.Batch.Progress.Training ? evaluation.LogProbs.sum([0L, 2L]) : torch.ones_like(evaluation.Loss);
    }

    [Part("halves")]
    private sealed class Halves : IEmissionTransform, ITargetTransform, ILatticeTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores;

        public FrameTargets Transform(FrameTargets targets, Evaluation evaluation) => targets;

        public Lattice Transform(Lattice lattice, Batch batch) => lattice;
    }
}
