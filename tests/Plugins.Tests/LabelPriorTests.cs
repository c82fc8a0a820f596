using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Ctc.Engine.Objectives;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class LabelPriorTests
{
    [Test]
    public void A_given_prior_equals_the_enumeration()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        GoldenCase golden = GoldenCase.Read("derived_label_prior");
        using Objective objective = new(
            new ObjectiveParts { Emissions = [Given(golden.Parameters["alpha"]!.GetValue<double>(), golden.Parameters["prior"]!)] }, Reduction.Sum);
        Tensor leaf = golden.Inputs.requires_grad_();

        ObjectiveResult result = objective.Evaluate(leaf, golden.Batch);
        result.Loss.backward();

        Assert.That(
            result.PerUtterance.data<double>().ToArray(),
            Is.EqualTo(GoldenCase.Numbers<double>(golden.Expected["loss"]!)).Within(golden.Tolerance("loss_abs")));
        Assert.That(Distance.Between(leaf.grad!, GoldenCase.Tensor(golden.Expected["grad_logits"]!)), Is.LessThan(golden.Tolerance("grad_abs")));
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([NUnit.Framework.Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        double[] prior =
            [.. Enumerable.Range(1, (int)random.Batch.Tokens).Select(v => v / (double)Enumerable.Range(1, (int)random.Batch.Tokens).Sum())];
        using Objective objective = new(
            new ObjectiveParts { Emissions = [Given(0.7, new JsonArray([.. prior.Select(share => (JsonNode)share)]))],
                Weighting = [DiscoveredPart.Create<ILossWeighting>("focal")] },
            Reduction.Sum,
            InfeasiblePolicy.Zero);
        Tensor Loss(Tensor logits) => objective.Evaluate(logits, random.Batch).Loss;
        Assert.That(
            Distance.Between(FiniteDifferences.Autograd(Loss, random.Logits), FiniteDifferences.Gradient(Loss, random.Logits)), Is.LessThan(1e-7));
    }

    [Test]
    public void The_prior_is_the_mean_posterior_of_the_last_epoch_and_is_saved()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1], [1]], [2, 1], tokens: 2, progress: new Progress(0, 0, Training: true));
        Tensor logits = torch.tensor([0.0, 0, 0, 2, 1, 0, 50, 50], [2, 2, 2]); // the last frame is padding
        using Objective learning = Fresh(out IEmissionTransform part);
        Tensor before = part.Transform(logits, batch);
        learning.Evaluate(logits, batch);
        learning.Evaluate(logits, batch);
        learning.EndEpoch();

        double e = Math.E, blank = ((1.0 / 2) + (1 / (1 + (e * e))) + (e / (1 + e))) / 3; // mean over three valid frames
        Tensor taken = logits - part.Transform(logits, batch);
        Assert.That(before.equal(logits).all().item<bool>(), "until the first epoch has ended nothing is taken out");
        Assert.That(taken[0, 0].data<double>().ToArray(), Is.EqualTo(new[] { 0.3 * Math.Log(blank), 0.3 * Math.Log(1 - blank) }).Within(1e-12));

        using var saved = new MemoryStream();
        learning.Modules.Single().save(saved);
        using Objective resumed = Fresh(out IEmissionTransform again);
        resumed.Modules.Single().load(new MemoryStream(saved.ToArray()));
        Assert.That(again.Transform(logits, batch).equal(part.Transform(logits, batch)).all().item<bool>());
    }

    [Test]
    public void With_a_decay_the_prior_is_a_running_mean_that_begins_uniform()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1], [1]], [2, 1], tokens: 2, progress: new Progress(0, 0, Training: true));
        Tensor logits = torch.tensor([0.0, 0, 0, 2, 1, 0, 50, 50], [2, 2, 2]); // the last frame is padding
        using Objective learning = Fresh(out IEmissionTransform part, ("Decay", 0.75), ("Scale", 1.0));
        double e = Math.E, mean = ((1.0 / 2) + (1 / (1 + (e * e))) + (e / (1 + e))) / 3, blank = 0.5;
        for (int step = 0; step < 3; step++)
        {
            double[] taken = (logits - part.Transform(logits, batch))[0, 0].data<double>().ToArray();
            Assert.That(taken, Is.EqualTo(new[] { Math.Log(blank), Math.Log(1 - blank) }).Within(1e-12), $"step {step}");
            learning.Evaluate(logits, batch);
            if (step == 1) learning.EndEpoch();
            blank = (0.75 * blank) + (0.25 * mean);
        }
    }

    [Test]
    public void Measuring_does_not_move_the_prior()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var measured = new Batch([[1]], [2], tokens: 2);
        Tensor logits = torch.tensor([0.0, 5, 0, 5], [2, 1, 2]);
        using Objective objective = Fresh(out IEmissionTransform part);
        objective.Evaluate(logits, measured);
        objective.EndEpoch();
        Assert.That(part.Transform(logits, measured).equal(logits).all().item<bool>());
    }

    [TestCase(new[] { 0.5, 0.6 }, "prior adds up to 1.1; expected 1")]
    [TestCase(new[] { 1.0, 0 }, "prior has a share that is not above 0; expected positive shares")]
    public void A_prior_that_is_no_distribution_is_refused(double[] prior, string message)
    {
        var options = (IValidatableObject)DiscoveredPart.Options("label-prior", typeof(IEmissionTransform), ("Prior", prior));
        Assert.That(options.Validate(new ValidationContext(options)).Single().ErrorMessage, Is.EqualTo(message));
    }

    private static IEmissionTransform Given(double scale, JsonNode prior) =>
        DiscoveredPart.Create<IEmissionTransform>("label-prior", ("Scale", scale), ("Prior", GoldenCase.Numbers<double>(prior)));

    private static Objective Fresh(out IEmissionTransform part, params (string Property, object Value)[] options)
    {
        part = DiscoveredPart.Create<IEmissionTransform>("label-prior", options);
        var objective = new Objective(new ObjectiveParts { Emissions = [part] });
        objective.Begin(new TrainingSet([[1]], [1], new Vocabulary(2)));
        return objective;
    }
}
