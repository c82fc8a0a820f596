using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Tests.Recursions.Fused.Numbers;

/// <summary>What is said of the exponentials, over their whole range, against <see cref="Math.Exp"/>.</summary>
public class ExponentialTests
{
    [TestCase(-700, 700)]
    [TestCase(-1, 1)]
    public void Exact_is_exact_to_some_bits_and_the_other_to_a_hundred_billionth(double from, double to)
    {
        (double exact, double quick) = (0, 0);
        for (double x = from; x <= to; x += (to - from) / 1_000_003)
        {
            exact = Math.Max(exact, Relative(Exp<Yes>(x), x));
            quick = Math.Max(quick, Relative(Exp<No>(x), x));
        }

        Assert.That(exact, Is.InRange(0, 4e-16));
        Assert.That(quick, Is.InRange(1e-13, 1e-11), "not the exact one");
    }

    // Beyond a double's range: exp(x) = exp(x/2)², and the mantissa and the exponent are told apart.
    [TestCase(-30_000)]
    [TestCase(-1_234.5)]
    [TestCase(1_234.5)]
    [TestCase(30_000)]
    public void Beyond_the_range_of_a_double_the_logarithm_is_right(double x)
    {
        (double mantissa, double exponent) = Exp<Yes>(x);
        Assert.That(Math.Log(mantissa) + (exponent * ExtendedRange.LogTwo), Is.EqualTo(x).Within(1e-11));
        Assert.That(mantissa, Is.InRange(0.7, 1.42));
    }

    [Test]
    public void Nothing_is_nothing()
    {
        Assert.That(Exp<Yes>(double.NegativeInfinity).Exponent, Is.EqualTo(double.NegativeInfinity));
        Assert.That(Exp<No>(double.NegativeInfinity).Exponent, Is.EqualTo(double.NegativeInfinity));
    }

    [Test]
    public void In_single_precision_it_is_right_to_a_ten_millionth()
    {
        double worst = 0;
        for (float x = -87; x <= 1; x += 1e-4f) worst = Math.Max(worst, Math.Abs((SingleExp.Exp(Vector512.Create(x))[0] / Math.Exp(x)) - 1));
        Assert.That(worst, Is.InRange(0, 1e-7));
    }

    [TestCase(0, 1)]
    [TestCase(-0.0f, 1)]
    [TestCase(-87.5f, 0)]
    [TestCase(-1e30f, 0)]
    [TestCase(float.NegativeInfinity, 0)]
    [TestCase(float.NaN, float.NaN)]
    public void In_single_precision_these_are_exact(float x, float expected) => Assert.That(
        SingleExp.Exp(Vector512.Create(x))[0],
        Is.EqualTo(expected));

    private static (double Mantissa, double Exponent) Exp<TExact>(double x)
        where TExact : IChoice
    {
        (DoubleLanes256 mantissa, DoubleLanes256 exponent) = ExtendedRange.Exp<TExact, DoubleLanes256>(DoubleLanes256.Of(x));
        return (DoubleLanes256.Largest(mantissa), DoubleLanes256.Largest(exponent));
    }

    private static double Relative((double Mantissa, double Exponent) found, double x) =>
        Math.Abs((found.Mantissa * Math.Pow(2, found.Exponent) / Math.Exp(x)) - 1);
}
