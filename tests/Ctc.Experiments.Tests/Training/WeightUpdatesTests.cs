using Ctc.Engine.Objectives;
using Ctc.Experiments.Encoders;
using Ctc.Experiments.Optimizers;
using Ctc.Experiments.Training;
using Ctc.Tests;
using TorchSharp.Modules;

namespace Ctc.Experiments.Tests.Training;

[NonParallelizable] // The weights come from the global generator.
public class WeightUpdatesTests
{
    [Test]
    public void A_module_moves_by_its_own_learning_rate()
    {
        using var scope = torch.NewDisposeScope();
        using Encoder network = new Conv(new ConvOptions { Hidden = 4, Layers = 1 }).Build(2, 3);
        using var objective = new Objective(new ObjectiveParts { Emissions = [new Learned(20), new Learned(null)] });
        using var updates = WeightUpdates.Create(new Sgd(new SgdOptions()), network, objective, 1);
        foreach (Parameter parameter in updates.Parameters) parameter.grad = torch.ones_like(parameter);
        float[][] before = [.. updates.Parameters.Select(Values)];
        updates.Step(0.01);

        Parameter[] own = [.. objective.parameters()];
        Assert.That(Values(own[0]).Single(), Is.EqualTo(-0.2f).Within(1e-6), "the factor 20");
        Assert.That(Values(own[1]).Single(), Is.EqualTo(-0.01f).Within(1e-6));
        foreach ((Parameter parameter, float[] was) in updates.Parameters.Zip(before).Take(network.parameters().Count()))
        {
            Assert.That(Values(parameter), Is.EqualTo(was.Select(value => value - 0.01f)).Within(1e-6));
        }

        Assert.That(updates.Groups.Select(group => group.Names.Count), Is.EqualTo(new[] { network.parameters().Count() + 1, 1 }));
        Assert.That(updates.Groups.SelectMany(group => group.Names), Has.Some.EqualTo("objective.emissions-Learned.score"));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(double.NaN)]
    public void A_factor_that_is_no_number_above_0_names_the_module(double factor)
    {
        using Encoder network = new Conv(new ConvOptions { Hidden = 4, Layers = 1 }).Build(2, 3);
        using var objective = new Objective(new ObjectiveParts { Emissions = [new Learned(factor)] });
        Assert.That(
            () => WeightUpdates.Create(new Sgd(new SgdOptions()), network, objective, 1),
            Throws.TypeOf<TrainingException>().With.Message.Contains("learning-rate factor"));
    }

    private static float[] Values(Tensor tensor) => tensor.detach().data<float>().ToArray();

    /// <summary>A learned score with a factor on the learning rate.</summary>
    private sealed class Learned : torch.nn.Module, IEmissionTransform, ILearningRate
    {
        private readonly Parameter score = torch.nn.Parameter(torch.zeros(1));
        private readonly double? factor;

        public Learned(double? factor)
            : base("learned")
        {
            this.factor = factor;
            RegisterComponents();
        }

        public double Factor => factor ?? 1;

        public Tensor Transform(Tensor scores, Batch batch) => scores + score;
    }
}
