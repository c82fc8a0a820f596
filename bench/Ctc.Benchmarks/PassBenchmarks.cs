using BenchmarkDotNet.Attributes;
using Ctc.Engine.Recursions.Fused;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Benchmarks;

/// <summary>The passes of loss and gradient, one by one, on one thread.</summary>
public class PassBenchmarks : ShapeBenchmarks
{
    private Lattice lattice = null!;
    private Tensor scores = null!, lengths = null!, ones = null!;
    private Softmax softmax = null!;
    private FusedPosterior posterior = null!;

    /// <summary>Prepares the inputs of a pass.</summary>
    public override void Draw()
    {
        base.Draw();
        (lattice, scores, lengths) = (Drawn.Build().Cast(torch.float32, torch.CPU), Drawn.Leaf.detach(), torch.tensor(Drawn.Batch.Frames.ToArray()));
        softmax = Softmax.FromLogits(scores, lengths);
        posterior = FusedRecursion.Run(lattice, scores, lengths, posterior: true).Posterior!;
        ones = torch.ones([Drawn.Batch.Size], torch.float32);
    }

    /// <summary>From targets to a lattice.</summary>
    [Benchmark(Description = "lattice")]
    public void Build() => Pass(() => Drawn.Build());

    /// <summary>ln Z alone.</summary>
    [Benchmark(Description = "forward pass")]
    public void Forward() => Pass(() => FusedRecursion.Run(lattice, scores, lengths, posterior: false));

    /// <summary>ln Z and occupancies.</summary>
    [Benchmark(Description = "forward and backward pass")]
    public void ForwardAndBack() => Pass(() => FusedRecursion.Run(lattice, scores, lengths, posterior: true));

    /// <summary>γ, which is the gradient of ln Z with respect to log-probabilities.</summary>
    [Benchmark(Description = "gradient written")]
    public void Write() => Pass(() => posterior.Dense(posterior.Shares, ones));

    /// <summary>The log-sum-exp of each row.</summary>
    [Benchmark(Description = "logits summed")]
    public void Sum() => Pass(() => Softmax.FromLogits(scores, lengths));

    /// <summary>γ − p, which is the gradient of ln Z with respect to logits.</summary>
    [Benchmark(Description = "gradient from logits written")]
    public void WriteFromLogits() => Pass(() => posterior.Dense(posterior.Shares, ones, softmax));

    private static void Pass<T>(Func<T> pass)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _ = pass();
    }
}
