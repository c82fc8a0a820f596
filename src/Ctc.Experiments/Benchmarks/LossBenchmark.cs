using Ctc.Engine.Alignment;

namespace Ctc.Experiments.Benchmarks;

/// <summary>Loss and gradient of plain CTC, libtorch's built-in beside ours, on random numbers.</summary>
/// <remarks>float32 log-probabilities in, a dense gradient with respect to them out; log-softmax is outside on both sides.</remarks>
public static class LossBenchmark
{
    /// <summary>Gets what is measured by default: the primer's shape, and one that grows in T alone.</summary>
    public static IReadOnlyList<BenchmarkShape> Shapes { get; } =
    [
        new("primer", 128, 256, 32, 60),
        new("long", 1024, 16, 32, 60),
        new("twice as long", 2048, 16, 32, 60),
    ];

    /// <summary>Measures one shape.</summary>
    /// <param name="shape">Of the random batch.</param>
    /// <param name="threads">For libtorch; 1 or more.</param>
    /// <param name="repetitions">Turns that count; 1 or more.</param>
    /// <returns>Medians of interleaved repetitions.</returns>
    public static BenchmarkCase Measure(BenchmarkShape shape, int threads, int repetitions)
    {
        ArgumentNullException.ThrowIfNull(shape);
        (int t, int b, int v, int u) = (shape.T, shape.B, shape.V, shape.U);
        int before = torch.get_num_threads();
        torch.set_num_threads(threads);
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using var generator = new torch.Generator(1);
            Tensor leaf = torch.randn([t, b, v], torch.float32, generator: generator).log_softmax(2).requires_grad_();
            Tensor targets = torch.randint(1, v, [b, u], torch.int64, generator: generator);
            Tensor frames = torch.full([b], t, torch.int64), lengths = torch.full([b], u, torch.int64);
            var batch = new Batch([.. targets.data<long>().ToArray().Chunk(u)], [.. Enumerable.Repeat((long)t, b)], v);
            var topology = new CtcTopology();

            Tensor Gradient(Func<Tensor> loss)
            {
                leaf.grad = null;
                loss().backward();
                return leaf.grad!;
            }

            Tensor BuiltIn() => torch.nn.functional.ctc_loss(leaf, targets, frames, lengths, reduction: torch.nn.Reduction.Sum);
            Tensor Differentiable() => -Recursion.LogLikelihood(topology.Build(batch).Numerator, leaf, batch.Frames).sum();

            Dictionary<string, double> medians = Interleaved.Medians(
                repetitions,
                clock => clock.Time(nameof(BuiltIn), () => Gradient(BuiltIn)),
                clock => clock.Time(nameof(Differentiable), () => Gradient(() => clock.Time("forward", Differentiable))));

            // libtorch's gradient is p − γ, ours the true −γ.
            Tensor difference = Gradient(BuiltIn).detach().clone() - leaf.detach().exp() - Gradient(Differentiable);
            return new BenchmarkCase(
                shape.Name,
                shape,
                threads,
                medians[nameof(BuiltIn)],
                medians[nameof(Differentiable)],
                medians[nameof(Differentiable)] - medians["forward"],
                difference.abs().max().ToDouble());
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }
}

/// <summary>The size of a batch.</summary>
/// <param name="Name">What it stands for.</param>
/// <param name="T">Frames.</param>
/// <param name="B">Utterances.</param>
/// <param name="V">Tokens, counting the blank.</param>
/// <param name="U">Tokens of each target.</param>
public sealed record BenchmarkShape(string Name, int T, int B, int V, int U);

/// <summary>What was measured of one shape. Times are medians in milliseconds, forward and backward together.</summary>
/// <param name="Name">Of the shape.</param>
/// <param name="Shape">The size of the batch.</param>
/// <param name="Threads">For libtorch.</param>
/// <param name="BuiltInMs">libtorch's own CTC.</param>
/// <param name="DifferentiableMs">Our differentiable recursion, building the lattice included.</param>
/// <param name="DifferentiableBackwardMs">Its backward pass alone.</param>
/// <param name="MaxGradientDifference">The largest difference between the two gradients, in float32.</param>
public sealed record BenchmarkCase(
    string Name,
    BenchmarkShape Shape,
    int Threads,
    double BuiltInMs,
    double DifferentiableMs,
    double DifferentiableBackwardMs,
    double MaxGradientDifference)
{
    /// <summary>Gets how many times faster than the built-in.</summary>
    public double RatioDifferentiable => BuiltInMs / DifferentiableMs;
}
