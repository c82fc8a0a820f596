using Ctc.Engine.Recursions;

namespace Ctc.Cli.Commands.Bench;

/// <summary>Loss and gradient of plain CTC, libtorch's built-in and the recursions of the engine, on random numbers.</summary>
/// <remarks>float32 log-probabilities in, a dense gradient with respect to them out; log-softmax is outside on both sides.</remarks>
public static class LossBenchmark
{
    /// <summary>Gets the default shapes: the primer's shape, speech in word pieces, long recordings, lines of Chinese text.</summary>
    public static IReadOnlyList<BenchmarkShape> Shapes { get; } =
    [
        new("primer", 128, 256, 32, 60),
        new("word pieces", 1000, 16, 5000, 100),
        new("long", 2000, 8, 32, 300),
        new("text lines", 64, 128, 6000, 12),
    ];

    /// <summary>Gets shapes that show how time grows: one, and the same with each size doubled.</summary>
    public static IReadOnlyList<BenchmarkShape> Growth { get; } =
    [
        new("base", 128, 64, 64, 30),
        new("twice T", 256, 64, 64, 30),
        new("twice B", 128, 128, 64, 30),
        new("twice V", 128, 64, 128, 30),
        new("twice U", 128, 64, 64, 60),
    ];

    /// <summary>Measures one shape.</summary>
    /// <param name="shape">The size of the random batch.</param>
    /// <param name="threads">For libtorch; 1 or more.</param>
    /// <param name="repetitions">Turns that count; 1 or more.</param>
    /// <returns>Medians of interleaved repetitions.</returns>
    public static BenchmarkCase Measure(BenchmarkShape shape, int threads, int repetitions)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Interleaved.OnThreads(threads, () =>
        {
            BenchmarkBatch drawn = shape.Draw();
            Tensor BuiltIn() => drawn.Gradient(drawn.BuiltIn);
            Tensor Fused() => drawn.Gradient(scores => drawn.Ours(scores, RecursionKind.Fused));
            Dictionary<string, Interleaved.Measured> medians = Interleaved.Medians(
                repetitions,
                clock => drawn.Time(clock, nameof(BuiltIn), drawn.BuiltIn),
                clock => drawn.Time(clock, nameof(Fused), scores => drawn.Ours(scores, RecursionKind.Fused)),
                clock => drawn.Time(clock, nameof(RecursionKind.Differentiable), scores => drawn.Ours(scores, RecursionKind.Differentiable)));

            // The gradient of libtorch is p − γ; the exact one, that of the engine, is −γ.
            Tensor difference = BuiltIn().detach().clone() - drawn.Leaf.detach().exp() - Fused();
            return new BenchmarkCase(
                shape.Name,
                shape,
                threads,
                medians[nameof(BuiltIn)].Ms,
                medians[nameof(Fused)].Ms,
                medians[nameof(RecursionKind.Differentiable)].Ms,
                difference.abs().max().ToDouble());
        });
    }
}

/// <summary>The measurements of one shape. Times are medians in milliseconds, forward and backward together.</summary>
/// <param name="Name">The name of the shape.</param>
/// <param name="Shape">The size of the batch.</param>
/// <param name="Threads">For libtorch.</param>
/// <param name="BuiltInMs">libtorch's own CTC.</param>
/// <param name="FusedMs">The fused recursion, building the lattice included.</param>
/// <param name="DifferentiableMs">The differentiable recursion, likewise.</param>
/// <param name="MaxGradientDifference">The largest difference between the gradients of the built-in and of the fused recursion, in float32.</param>
public sealed record BenchmarkCase(
    string Name,
    BenchmarkShape Shape,
    int Threads,
    double BuiltInMs,
    double FusedMs,
    double DifferentiableMs,
    double MaxGradientDifference)
{
    /// <summary>Gets the speed of the fused recursion relative to the built-in.</summary>
    public double RatioFused => BuiltInMs / FusedMs;

    /// <summary>Gets the speed of the differentiable recursion relative to the built-in.</summary>
    public double RatioDifferentiable => BuiltInMs / DifferentiableMs;
}
