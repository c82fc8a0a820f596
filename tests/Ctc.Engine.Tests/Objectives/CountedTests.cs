using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>The number by which a reduction divides.</summary>
[NoTensorLeaks]
public class CountedTests
{
    // Targets of 2, 0 and 3 tokens in 4, 5 and 1 frames; the last one does not fit.
    [TestCase(Reduction.None, InfeasiblePolicy.Drop, 1)]
    [TestCase(Reduction.Sum, InfeasiblePolicy.Drop, 1)]
    [TestCase(Reduction.Mean, InfeasiblePolicy.Drop, 2)]
    [TestCase(Reduction.MeanUtterance, InfeasiblePolicy.Drop, 2)]
    [TestCase(Reduction.MeanUtterance, InfeasiblePolicy.Zero, 3)]
    [TestCase(Reduction.MeanToken, InfeasiblePolicy.Drop, 2)]
    [TestCase(Reduction.MeanToken, InfeasiblePolicy.Zero, 5)]
    [TestCase(Reduction.MeanFrame, InfeasiblePolicy.Drop, 9)]
    [TestCase(Reduction.MeanFrame, InfeasiblePolicy.Zero, 10)]
    public void It_counts_what_is_not_dropped(Reduction reduction, InfeasiblePolicy policy, long counted)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts(), reduction, policy);
        ObjectiveResult result = objective.Evaluate(torch.zeros([5, 3, 3], torch.float64), new Batch([[1, 2], [], [1, 2, 1]], [4, 5, 1], 3));
        Assert.That(result.Counted, Is.EqualTo(counted));
        if (reduction != Reduction.None && reduction != Reduction.Mean)
        {
            Assert.That(result.Loss.item<double>() * counted, Is.EqualTo(result.PerUtterance.sum().item<double>()).Within(1e-12));
        }
    }

    [TestCase(InfeasiblePolicy.Drop, 0)]
    [TestCase(InfeasiblePolicy.Zero, 1)]
    public void It_is_0_where_everything_is_dropped(InfeasiblePolicy policy, long counted)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts(), infeasible: policy);
        ObjectiveResult result = objective.Evaluate(torch.zeros([1, 1, 2], torch.float64), new Batch([[1, 1]], [1], 2));
        Assert.That((result.Counted, result.Loss.item<double>()), Is.EqualTo((counted, 0.0)));
    }
}
