using System.Runtime.InteropServices;
using Ctc.Engine.Objectives;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>Errors of libtorch inside a part, and state that a part leaves changed, name the part.</summary>
public class PartErrorTests
{
    [Test]
    public void An_error_of_libtorch_names_the_part()
    {
        PartException failure = Failure(loss => loss + torch.zeros(7));
        Assert.That(failure.Part, Is.EqualTo("made-up"));
        Assert.That(failure.InnerException, Is.InstanceOf<ExternalException>());
        Assert.That(failure.Message, Does.StartWith("The part 'made-up' failed: The size of tensor a").And.Not.Contain("Exception raised from"));
    }

    [Test]
    public void A_missing_assembly_names_the_part_and_its_own_cause()
    {
        Assert.That(
            Failure(_ => throw new FileNotFoundException("Could not load file or assembly 'Dependency'.")).Message,
            Is.EqualTo("The part 'made-up' failed: Could not load file or assembly 'Dependency'."));
        Assert.That(
            Failure(_ => throw new FileLoadException("Could not load.", new PartException("x", "not allowed"))).Message,
            Is.EqualTo("The part 'made-up' failed: The part 'x' failed: not allowed."));
    }

    [Test]
    public void The_gradient_mode_that_a_part_leaves_changed_is_restored_and_names_it()
    {
        Assert.That(
            Failure(loss =>
            {
                torch.set_grad_enabled(false);
                return loss;
            }).Message,
            Is.EqualTo("The part 'made-up' failed: it turned the recording of gradients off; expected it as it was."));
        Assert.That(torch.is_grad_enabled(), Is.True);
    }

    [Test]
    public void A_dispose_scope_that_a_part_leaves_open_names_it() => Assert.That(
        Failure(loss =>
        {
            torch.NewDisposeScope();
            return torch.ones_like(loss);
        }).Message,
        Is.EqualTo("The part 'made-up' failed: it left a dispose scope open; expected every scope that it opens closed."));

    [Test]
    public void An_error_that_is_not_of_libtorch_stays_as_it_is() => Assert.That(
        () => Evaluate(_ => throw new InvalidOperationException("on purpose")),
        Throws.InvalidOperationException.With.Message.EqualTo("on purpose"));

    private static PartException Failure(Func<Tensor, Tensor> weigh) => Assert.Throws<PartException>(() => Evaluate(weigh))!;

    private static void Evaluate(Func<Tensor, Tensor> weigh)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts { Weighting = [new MadeUp(weigh)] });
        objective.Evaluate(torch.zeros(2, 3, 4), new Batch([[1], [2], [3]], [2, 2, 2], tokens: 4));
    }

    [Part("made-up")]
    private sealed class MadeUp(Func<Tensor, Tensor> weigh) : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => weigh(evaluation.Loss);
    }
}
