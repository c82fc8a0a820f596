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

    // The relative error grows with the argument; the absolute one, that of a softmax, does not.
    [Test]
    public void In_single_precision_it_is_right_to_a_ten_millionth_of_1()
    {
        (double ofOne, double relative) = (0, 0);
        for (float x = -87; x <= 1; x += 1e-4f)
        {
            double expected = Math.Exp(x), error = Math.Abs(Single(x) - expected);
            if (x <= 0) ofOne = Math.Max(ofOne, error);
            relative = Math.Max(relative, error / expected / (1 + Math.Abs(x)));
        }

        Assert.That(ofOne, Is.InRange(0, 1e-7));
        Assert.That(relative, Is.InRange(0, 8e-8));
    }

    [TestCase(0, 1)]
    [TestCase(-0.0f, 1)]
    [TestCase(-88.1f, 0)]
    [TestCase(-1e30f, 0)]
    [TestCase(float.NegativeInfinity, 0)]
    [TestCase(float.NaN, float.NaN)]
    public void In_single_precision_these_are_exact(float x, float expected) => Assert.That(Single(x), Is.EqualTo(expected));

    [Test]
    public void In_single_precision_what_is_hardly_there_is_less_than_a_normal_number_and_not_negative()
    {
        for (float x = -89; x < -87.4f; x += 1e-5f) Assert.That(Single(x), Is.GreaterThanOrEqualTo(0).And.LessThan(1.18e-38f), $"of {x}");
    }

    [Test]
    public void In_single_precision_a_small_number_may_be_added()
    {
        float more = 1e-3f * SingleExp.LogOfE;
        Assert.That(SingleExp.Exp(Vector512.Create(-1f), Vector512.Create(more))[0], Is.EqualTo(Math.Exp(-0.999)).Within(1e-7));
    }

    private static float Single(float x) => SingleExp.Exp(Vector512.Create(x), Vector512<float>.Zero)[0];

    private static (double Mantissa, double Exponent) Exp<TExact>(double x)
        where TExact : IChoice
    {
        (DoubleLanes256 mantissa, DoubleLanes256 exponent) = ExtendedRange.Exp<TExact, DoubleLanes256>(DoubleLanes256.Of(x));
        return (DoubleLanes256.Largest(mantissa), DoubleLanes256.Largest(exponent));
    }

    private static double Relative((double Mantissa, double Exponent) found, double x) =>
        Math.Abs((found.Mantissa * Math.Pow(2, found.Exponent) / Math.Exp(x)) - 1);
}
