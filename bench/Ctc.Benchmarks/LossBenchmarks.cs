using BenchmarkDotNet.Attributes;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;

namespace Ctc.Benchmarks;

/// <summary>Loss and gradient of plain CTC on log-probabilities in float32, on one thread; and the best paths.</summary>
public class LossBenchmarks : ShapeBenchmarks
{
    /// <summary>libtorch's own.</summary>
    [Benchmark(Baseline = true, Description = "built-in")]
    public void BuiltIn() => Gradient(Drawn.BuiltIn);

    /// <summary>The fused recursion.</summary>
    [Benchmark(Description = "fused")]
    public void Fused() => Gradient(logProbs => Drawn.Ours(logProbs, RecursionKind.Fused));

    /// <summary>The differentiable recursion.</summary>
    [Benchmark(Description = "differentiable")]
    public void Differentiable() => Gradient(logProbs => Drawn.Ours(logProbs, RecursionKind.Differentiable));

    /// <summary>Viterbi, without gradient.</summary>
    [Benchmark(Description = "viterbi")]
    public void Viterbi()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using ViterbiAlignment best = Drawn.Align();
    }
}
