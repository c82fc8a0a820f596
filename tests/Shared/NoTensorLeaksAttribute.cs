using NUnit.Framework.Interfaces;

namespace Ctc.Tests;

/// <summary>Fails a test that leaves more native tensors alive on its thread than it found.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
internal sealed class NoTensorLeaksAttribute : NUnitAttribute, ITestAction
{
    private readonly Stack<long> before = new();

    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test) => before.Push(torch.Tensor.TotalCount);

    public void AfterTest(ITest test) =>
        Assert.That(torch.Tensor.TotalCount, Is.LessThanOrEqualTo(before.Pop()), "tensors were left alive");
}
