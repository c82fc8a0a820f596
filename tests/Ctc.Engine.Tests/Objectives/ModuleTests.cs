using Ctc.Engine.Objectives;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>Objectives are modules: parameters and buffers of their parts are accessible as in any other module.</summary>
[NoTensorLeaks]
public class ModuleTests
{
    [Test]
    public void Learned_parameters_of_a_topology_reach_the_optimiser()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts { Topology = new LearnedSkip() });
        Assert.That(objective.named_parameters().Select(parameter => parameter.name), Is.EqualTo(new[] { "topology-learned-skip.skip" }));
        using var optimizer = torch.optim.SGD(objective.parameters(), 0.5);
        Tensor before = objective.parameters().Single().detach().clone();
        objective.Evaluate(torch.zeros([5, 1, 3], torch.float64), new Batch([[1, 2]], [5], tokens: 3)).Loss.backward();
        optimizer.step();
        Assert.That(objective.parameters().Single().item<double>(), Is.Not.EqualTo(before.item<double>()));
    }

    [Test]
    public void The_state_holds_buffers_that_parts_register_in_Begin_under_place_and_name()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts { Emissions = [new Counted(), new Counted()] });
        objective.Begin(new TrainingSet([[1]], [1], new Vocabulary(4)));
        Assert.That(objective.state_dict().Keys, Is.EqualTo(new[] { "emissions-counted.tokens", "emissions-counted-2.tokens" }));
        using var loss = new CtcLoss(parts: new ObjectiveParts { Topology = new LearnedSkip() });
        Assert.That(loss.state_dict().Keys, Is.EqualTo(new[] { "objective.topology-learned-skip.skip" }));
    }

    [Test]
    public void Moving_an_objective_moves_its_parts()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var loss = new CtcLoss(parts: new ObjectiveParts { Topology = new LearnedSkip() });
        loss.to(torch.float32);
        Assert.That(loss.parameters().Single().dtype, Is.EqualTo(torch.float32));
    }

    [Test]
    public void Parts_are_disposed_once([Values] bool asLoss)
    {
        Counted module = new();
        var other = new Closed();
        var parts = new ObjectiveParts { Emissions = [module], Weighting = [other] };
        IDisposable owner = asLoss ? new CtcLoss(parts: parts) : new Objective(parts);
        owner.Dispose();
        Assert.That((module.Disposals, other.Disposals), Is.EqualTo((1, 1)));
    }

    [Part("learned-skip")]
    private sealed class LearnedSkip : torch.nn.Module, ITopology
    {
        private readonly TorchSharp.Modules.Parameter skip = torch.nn.Parameter(torch.zeros(1, torch.float64));

        public LearnedSkip()
            : base("learned-skip") => register_parameter("skip", skip);

        public Lattices Build(Batch batch)
        {
            Lattice plain = new CtcTopology().Build(batch).Numerator;
            Tensor skips = torch.tensor([0.0, 0, 1], [3, 1, 1], torch.float64);
            return new Lattices(plain.WithArcs(plain.Arcs.WithScores(plain.Arcs.Scores + (skips * skip))));
        }
    }

    [Part("counted")]
    private sealed class Counted() : torch.nn.Module("counted"), IEmissionTransform, ITrainingObserver
    {
        public int Disposals { get; private set; }

        public void Begin(TrainingSet training) => register_buffer("tokens", torch.tensor(training.Vocabulary.Size));

        public Tensor Transform(Tensor scores, Batch batch) => scores;

        protected override void Dispose(bool disposing)
        {
            if (disposing) Disposals++;
            base.Dispose(disposing);
        }
    }

    private sealed class Closed : ILossWeighting, IDisposable
    {
        public int Disposals { get; private set; }

        public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss);

        public void Dispose() => Disposals++;
    }
}
