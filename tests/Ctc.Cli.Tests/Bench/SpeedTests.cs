using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using Ctc.Cli.Commands.Bench;

namespace Ctc.Cli.Tests.Bench;

/// <summary>The least speed, on one thread, relative to libtorch's built-in CTC in the same process and in turns with it.</summary>
/// <remarks>
/// The limits are half of what an idle machine measures (docs/performance.md) or less, so that other work on the machine does not reach them. What
/// makes the recursion several times slower does: a loop that is not compiled for speed, a copy, memory that is not used again.
/// </remarks>
internal sealed class SpeedTests
{
    private const double WithoutAvx512 = 2.0 / 3;
    private const int Repetitions = 3;

    [Test]
    [Category("Slow")]
    public void The_primer_s_shape_in_a_smaller_batch_is_at_least_three_times_as_fast() =>
        AssertLosses(Shape("primer") with { B = 32 }, 3);

    [Test]
    [Category("Slow")]
    public void Without_AVX512_it_is_at_least_two_thirds_of_that() =>
        AssertPassWithoutAvx512(nameof(The_primer_s_shape_in_a_smaller_batch_is_at_least_three_times_as_fast));

    [TestCase("primer", 7)]
    [TestCase("word pieces", 10)]
    [TestCase("long", 13)]
    [TestCase("text lines", 8)]
    [Category("Long"), Explicit("a minute")]
    public void From_log_probabilities_each_shape_is_faster_by(string shape, double least) => AssertLosses(Shape(shape), least);

    [TestCase("primer", 5)]
    [TestCase("word pieces", 6)]
    [TestCase("long", 12)]
    [TestCase("text lines", 4)]
    [Category("Long"), Explicit("a minute")]
    public void From_logits_each_shape_is_faster_by(string shape, double least)
    {
        LogitsCase measured = LogitsBenchmark.Measure(Shape(shape), threads: 1, Repetitions);
        TestContext.Out.WriteLine(FormattableString.Invariant($"{shape}, logits: {measured.RatioOnePass:f1} ×"));
        Assert.That(measured.RatioOnePass, Is.AtLeast(Limit(least)));
    }

    [Test]
    [Category("Long"), Explicit("minutes")]
    public void Without_AVX512_each_shape_is_at_least_two_thirds_of_that() => AssertPassWithoutAvx512("each_shape_is_faster_by");

    private static void AssertLosses(BenchmarkShape shape, double least)
    {
        BenchmarkCase measured = LossBenchmark.Measure(shape, threads: 1, Repetitions);
        TestContext.Out.WriteLine(FormattableString.Invariant($"{shape.Name}, log-probabilities: {measured.RatioFused:f1} ×"));
        Assert.That(measured.RatioFused, Is.AtLeast(Limit(least)));
    }

    private static BenchmarkShape Shape(string name) => LossBenchmark.Shapes.Single(shape => shape.Name == name);

    private static double Limit(double least)
    {
        if (!Avx2.IsSupported) Assert.Ignore("The limits are those of a processor with AVX2.");
        return Avx512F.IsSupported ? least : WithoutAvx512 * least;
    }

    private static void AssertPassWithoutAvx512(string test)
    {
        if (!Avx512F.IsSupported) Assert.Ignore("This process is without AVX-512 already.");
        var start = new ProcessStartInfo("dotnet", [typeof(SpeedTests).Assembly.Location, "--filter", $"FullyQualifiedName~{test}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_EnableAVX512"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output + error.Result);
        Assert.That(output, Does.Match("succeeded: [1-9]"));
    }
}
