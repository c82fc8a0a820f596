using NUnit.Framework.Interfaces;

namespace Ctc.Tests;

/// <summary>Fails a test that leaves more native tensors alive on its thread than before.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
internal sealed class NoTensorLeaksAttribute : NUnitAttribute, ITestAction
{
    private readonly Stack<long> before = new();

    public ActionTargets Targets => ActionTargets.Test;

    // Not torch.Tensor.TotalCount, which counts every parameter of a module twice.
    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    public void BeforeTest(ITest test) => before.Push(Live);

    public void AfterTest(ITest test) =>
        Assert.That(Live, Is.LessThanOrEqualTo(before.Pop()), "tensors were left alive");
}
