using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Transducer;

namespace Ctc.Cli.Commands.Bench;

/// <summary>Loss and gradient of a transducer from logits: the fused and the differentiable recursion.</summary>
/// <remarks>float32.</remarks>
public static class TransducerBenchmark
{
    /// <summary>The shape that is measured by default: that of the figures of warp-rnnt, with fewer utterances.</summary>
    public static readonly BenchmarkShape Shape = new("transducer", T: 150, B: 16, V: 28, U: 40);

    /// <summary>Measures one shape.</summary>
    /// <param name="shape">The size of the random batch.</param>
    /// <param name="threads">For libtorch; 1 or more.</param>
    /// <param name="repetitions">Turns that count, after those for warm-up.</param>
    /// <returns>Medians, and the largest memory of each way.</returns>
    public static TransducerCase Measure(BenchmarkShape shape, int threads, int repetitions)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Interleaved.OnThreads(threads, () =>
        {
            using var generator = new torch.Generator(1);
            Tensor logits = torch.randn([shape.B, shape.T, shape.U + 1, shape.V], torch.float32, generator: generator).requires_grad_();
            Tensor targets = torch.randint(1, shape.V, [shape.B, shape.U], torch.int64, generator: generator);
            var batch = new Batch([.. targets.data<long>().ToArray().Chunk(shape.U)], [.. Enumerable.Repeat((long)shape.T, shape.B)], shape.V);
            double Step(RecursionKind kind)
            {
                logits.grad = null;
                Tensor loss = -TransducerRecursion.LogLikelihoodFromLogits(batch, logits, kind).sum();
                loss.backward();
                return loss.ToDouble();
            }

            double Fused() => Step(RecursionKind.Fused);
            double Differentiable() => Step(RecursionKind.Differentiable);
            (_, double? ofFused) = LinearBenchmark.LargestMemory(Fused);
            Tensor gradient = logits.grad!;
            (_, double? ofDifferentiable) = LinearBenchmark.LargestMemory(Differentiable);
            double difference = (gradient - logits.grad!).abs().max().ToDouble();
            Dictionary<string, Interleaved.Measured> medians = Interleaved.Medians(
                repetitions, warmUp: 1, clock => clock.Time(nameof(Fused), Fused), clock => clock.Time(nameof(Differentiable), Differentiable));
            return new TransducerCase(
                shape, threads, medians[nameof(Fused)].Ms, medians[nameof(Differentiable)].Ms, ofFused, ofDifferentiable, difference);
        });
    }
}

/// <summary>The measurements of one shape. Times are medians in milliseconds, forward and backward together.</summary>
/// <param name="Shape">The size of the batch.</param>
/// <param name="Threads">For libtorch.</param>
/// <param name="FusedMs">By the fused recursion.</param>
/// <param name="DifferentiableMs">By the differentiable recursion.</param>
/// <param name="FusedMb">The largest memory of the process with the fused recursion, in megabytes; null where the system does not tell.</param>
/// <param name="DifferentiableMb">The same with the differentiable recursion.</param>
/// <param name="MaxGradientDifference">Between the two.</param>
public sealed record TransducerCase(
    BenchmarkShape Shape,
    int Threads,
    double FusedMs,
    double DifferentiableMs,
    double? FusedMb,
    double? DifferentiableMb,
    double MaxGradientDifference)
{
    /// <summary>Gets the speed of the fused recursion relative to the differentiable one.</summary>
    public double RatioFused => DifferentiableMs / FusedMs;
}
