using BenchmarkDotNet.Attributes;
using Ctc.Engine.Recursions;

namespace Ctc.Benchmarks;

/// <summary>Loss and gradient of plain CTC on logits in float32, on one thread.</summary>
public class LogitsBenchmarks : ShapeBenchmarks
{
    /// <summary>log-softmax and libtorch's own.</summary>
    [Benchmark(Baseline = true, Description = "log-softmax, built-in")]
    public void BuiltIn() => Gradient(logits => Drawn.BuiltIn(logits.log_softmax(2)));

    /// <summary>log-softmax and the fused recursion.</summary>
    [Benchmark(Description = "log-softmax, fused")]
    public void TwoSteps() => Gradient(logits => Drawn.Ours(logits.log_softmax(2), RecursionKind.Fused));

    /// <summary>The fused recursion from logits.</summary>
    [Benchmark(Description = "fused, one pass")]
    public void OnePass() => Gradient(Drawn.FromLogits);

    /// <summary>The same with stars, classes of tokens.</summary>
    [Benchmark(Description = "fused, one pass, stars")]
    public void Star() => Gradient(Drawn.StarFromLogits);
}
