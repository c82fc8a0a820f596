using Ctc.Cli.Commands.Bench;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Bench;

[NoTensorLeaks]
public class LossBenchmarkTests
{
    [Test]
    [Category("Slow")]
    public void All_sides_are_timed_and_agree()
    {
        int threads = torch.get_num_threads();
        BenchmarkCase measured = LossBenchmark.Measure(new BenchmarkShape("small", T: 12, B: 3, V: 5, U: 4), threads: 1, repetitions: 3);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(measured.BuiltInMs, Is.Positive);
            Assert.That(measured.FusedMs, Is.Positive);
            Assert.That(measured.DifferentiableMs, Is.Positive);
            Assert.That(measured.RatioFused, Is.EqualTo(measured.BuiltInMs / measured.FusedMs));
            Assert.That(measured.RatioDifferentiable, Is.EqualTo(measured.BuiltInMs / measured.DifferentiableMs));
            Assert.That(measured.MaxGradientDifference, Is.Positive.And.LessThan(1e-5), "0 would be a comparison of one with itself");
            Assert.That(torch.get_num_threads(), Is.EqualTo(threads));
        }
    }
}
