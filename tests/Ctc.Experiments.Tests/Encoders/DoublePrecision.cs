namespace Ctc.Experiments.Tests.Encoders;

/// <summary>Compares what a layer computes in float32 with the same layer in double precision, which oneDNN does not have.</summary>
internal static class DoublePrecision
{
    /// <summary>Asserts that output and gradients, of the sum of squares, differ by no more than rounding.</summary>
    /// <param name="single">The layer in float32.</param>
    /// <param name="input">Its input, with a gradient.</param>
    /// <param name="found">Its output.</param>
    /// <param name="exact">The layer in double precision, with the same weights.</param>
    /// <param name="precise">The same input in double precision.</param>
    /// <param name="expected">Its output.</param>
    public static void AssertSame(
        torch.nn.Module single, Tensor input, Tensor found, torch.nn.Module exact, Tensor precise, Tensor expected)
    {
        found.square().sum().backward();
        expected.square().sum().backward();
        AssertClose(found, expected);
        AssertClose(input.grad!, precise.grad!);
        Assert.That(single.named_parameters().Select(weight => weight.name), Is.EqualTo(new[] { "weight", "bias" }));
        foreach ((Tensor own, Tensor other) in single.parameters().Zip(exact.parameters())) AssertClose(own.grad!, other.grad!);
    }

    private static void AssertClose(Tensor found, Tensor expected)
    {
        Assert.That(found.shape, Is.EqualTo(expected.shape));
        double largest = expected.abs().max().item<double>();
        Assert.That((found.to(torch.float64) - expected).abs().max().item<double>() / largest, Is.LessThan(1e-5));
    }
}
