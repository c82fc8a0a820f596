using Ctc.Cli.Commands.Bench;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Bench;

[NoTensorLeaks]
public class LogitsBenchmarkTests
{
    [Test]
    [Category("Slow")]
    public void All_sides_are_timed_and_agree()
    {
        LogitsCase measured = LogitsBenchmark.Measure(new BenchmarkShape("small", T: 12, B: 3, V: 50, U: 4), threads: 1, repetitions: 3);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(measured.BuiltInMs, Is.Positive);
            Assert.That(measured.TwoStepsMs, Is.Positive);
            Assert.That(measured.OnePassMs, Is.Positive);
            Assert.That(measured.StarMs, Is.Positive);
            Assert.That(measured.RatioTwoSteps, Is.EqualTo(measured.BuiltInMs / measured.TwoStepsMs));
            Assert.That(measured.RatioOnePass, Is.EqualTo(measured.BuiltInMs / measured.OnePassMs));
            Assert.That(measured.MaxGradientDifference, Is.Positive.And.LessThan(1e-5), "0 would be a comparison of one with itself");
        }
    }
}
