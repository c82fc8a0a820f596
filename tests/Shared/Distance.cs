namespace Ctc.Tests;

/// <summary>The distance of two tensors. NaN is infinitely far from everything: an assertion that NaN is less than something would pass.</summary>
internal static class Distance
{
    /// <summary>The largest absolute difference of two tensors of one shape.</summary>
    public static double Between(Tensor a, Tensor b)
    {
        Assert.That(a.shape, Is.EqualTo(b.shape));
        using DisposeScope scope = torch.NewDisposeScope();
        return a.numel() == 0 ? 0 : (a - b).abs().nan_to_num(double.PositiveInfinity, double.PositiveInfinity).max().ToDouble();
    }
}
