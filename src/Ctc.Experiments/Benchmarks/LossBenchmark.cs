using Ctc.Engine.Alignment;

namespace Ctc.Experiments.Benchmarks;

/// <summary>Loss and gradient of plain CTC, libtorch's built-in beside ours, on random numbers.</summary>
/// <remarks>float32 log-probabilities in, a dense gradient with respect to them out; log-softmax is outside on both sides.</remarks>
public static class LossBenchmark
{
    /// <summary>Gets what is compared by default: the primer's shape, speech in word pieces, long recordings, lines of Chinese text.</summary>
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
    /// <param name="shape">Of the random batch.</param>
    /// <param name="threads">For libtorch; 1 or more.</param>
    /// <param name="repetitions">Turns that count; 1 or more.</param>
    /// <returns>Medians of interleaved repetitions.</returns>
    public static BenchmarkCase Measure(BenchmarkShape shape, int threads, int repetitions)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Interleaved.OnThreads<BenchmarkCase>(threads, () =>
        {
            (Batch batch, Tensor leaf) = shape.Draw();
            Tensor targets = torch.tensor(batch.Targets.SelectMany(target => target).ToArray(), [shape.B, shape.U]);
            Tensor frames = torch.tensor(batch.Frames.ToArray()), lengths = torch.full([shape.B], shape.U, torch.int64);
            var topology = new CtcTopology();

            Tensor Gradient(Func<Tensor> loss)
            {
                leaf.grad = null;
                loss().backward();
                return leaf.grad!;
            }

            Tensor BuiltIn() => torch.nn.functional.ctc_loss(leaf, targets, frames, lengths, reduction: torch.nn.Reduction.Sum);
            Tensor Ours(RecursionKind kind) => -Recursion.LogLikelihood(topology.Build(batch).Numerator, leaf, batch.Frames, kind).sum();

            Dictionary<string, double> medians = Interleaved.Medians(
                repetitions,
                clock => clock.Time(nameof(BuiltIn), () => Gradient(BuiltIn)),
                clock => clock.Time(nameof(RecursionKind.Fused), () => Gradient(() => Ours(RecursionKind.Fused))),
                clock => clock.Time(nameof(RecursionKind.Differentiable), () => Gradient(() => Ours(RecursionKind.Differentiable))));

            // libtorch's gradient is p − γ, ours the true −γ.
            Tensor difference = Gradient(BuiltIn).detach().clone() - leaf.detach().exp() - Gradient(() => Ours(RecursionKind.Fused));
            return new BenchmarkCase(
                shape.Name,
                shape,
                threads,
                medians[nameof(BuiltIn)],
                medians[nameof(RecursionKind.Fused)],
                medians[nameof(RecursionKind.Differentiable)],
                difference.abs().max().ToDouble());
        });
    }
}

/// <summary>The size of a batch.</summary>
/// <param name="Name">What it stands for.</param>
/// <param name="T">Frames.</param>
/// <param name="B">Utterances.</param>
/// <param name="V">Tokens, counting the blank.</param>
/// <param name="U">Tokens of each target.</param>
public sealed record BenchmarkShape(string Name, int T, int B, int V, int U)
{
    /// <summary>Random targets, and log-probabilities in float32 that want a gradient. They belong to the caller's dispose scope.</summary>
    internal (Batch Batch, Tensor LogProbs) Draw()
    {
        using var generator = new torch.Generator(1);
        Tensor logProbs = torch.randn([T, B, V], torch.float32, generator: generator).log_softmax(2).requires_grad_();
        Tensor targets = torch.randint(1, V, [B, U], torch.int64, generator: generator);
        return (new Batch([.. targets.data<long>().ToArray().Chunk(U)], [.. Enumerable.Repeat((long)T, B)], V), logProbs);
    }
}

/// <summary>What was measured of one shape. Times are medians in milliseconds, forward and backward together.</summary>
/// <param name="Name">Of the shape.</param>
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
    /// <summary>Gets how many times faster than the built-in the fused recursion is.</summary>
    public double RatioFused => BuiltInMs / FusedMs;

    /// <summary>Gets how many times faster than the built-in the differentiable recursion is.</summary>
    public double RatioDifferentiable => BuiltInMs / DifferentiableMs;
}
