using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>ln p(target) of the model, by which objectives are compared.</summary>
[NoTensorLeaks]
public class ModelLogLikelihoodTests
{
    [Test]
    public void It_is_that_of_plain_ctc_to_the_last_bit_under_every_transform([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        using var plain = new Objective(new ObjectiveParts());
        using var transformed = new Objective(new ObjectiveParts { Emissions = [new Flatter()], Lattice = [new Later()] });
        Tensor expected = plain.Inspect(random.Logits, random.Batch).ModelLogLikelihood;
        BatchEvaluation other = transformed.Inspect(random.Logits, random.Batch);

        Lattice lattice = new CtcTopology().Build(random.Batch).Numerator;
        Tensor direct = Recursion.LogLikelihood(lattice, random.Logits.log_softmax(2), random.Batch.Frames);
        Assert.That(Numbers(other.ModelLogLikelihood), Is.EqualTo(Numbers(expected)));
        Assert.That(Numbers(plain.Inspect(random.Logits, random.Batch).LogLikelihood), Is.EqualTo(Numbers(expected)));
        Assert.That(Distance.Between(direct.exp(), expected.exp()), Is.LessThan(1e-12));
        if (Numbers(expected).Any(double.IsFinite)) Assert.That(Numbers(other.LogLikelihood), Is.Not.EqualTo(Numbers(expected)), "its lattice's own");
    }

    [Test]
    public void It_is_that_of_the_topology()
    {
        using DisposeScope scope = torch.NewDisposeScope();

        // Two frames of p(blank) = 1/2, p(a) = 1/2: ctc reads "a" from aa, a-, -a; no-blank from aa alone.
        Tensor logits = torch.zeros([2, 1, 2], torch.float64);
        using var ctc = new Objective(new ObjectiveParts { Emissions = [new Flatter()] });
        using var noBlank = new Objective(new ObjectiveParts { Topology = new NoBlankTopology(), Emissions = [new Flatter()] });
        Assert.That(
            ctc.Inspect(logits, new Batch([[1]], [2], 2)).ModelLogLikelihood.item<double>(), Is.EqualTo(Math.Log(3.0 / 4)).Within(1e-15));
        BatchEvaluation without = noBlank.Inspect(logits, new Batch([[1]], [2], 2, blank: null));
        Assert.That(without.ModelLogLikelihood.item<double>(), Is.EqualTo(Math.Log(1.0 / 4)).Within(1e-15));
    }

    [Test]
    public void A_target_that_a_transform_alone_makes_infeasible_has_one()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = torch.zeros([2, 1, 2], torch.float64);
        using var objective = new Objective(new ObjectiveParts { Emissions = [new NoA()] }, infeasible: InfeasiblePolicy.Drop);
        BatchEvaluation evaluation = objective.Inspect(logits, new Batch([[1]], [2], 2));
        Assert.That(evaluation.Infeasible, Is.EqualTo(new[] { 0 }));
        Assert.That(evaluation.ModelLogLikelihood.item<double>(), Is.EqualTo(Math.Log(3.0 / 4)).Within(1e-15));
    }

    private static double[] Numbers(Tensor tensor) => tensor.data<double>().ToArray();

    private sealed class Flatter : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores / 3;
    }

    private sealed class NoA : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores + torch.tensor([0, double.NegativeInfinity], torch.float64);
    }

    private sealed class Later : ILatticeTransform
    {
        public Lattice Transform(Lattice lattice, Batch batch) => lattice.WithInitial(lattice.Initial - 1);
    }
}
