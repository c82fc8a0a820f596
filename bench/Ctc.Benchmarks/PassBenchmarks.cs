using BenchmarkDotNet.Attributes;
using Ctc.Engine.Recursions.Fused;
using Ctc.Engine.Recursions.Fused.Labels;
using Ctc.Engine.Recursions.Fused.Results;
using Ctc.Engine.Recursions.Labels;

namespace Ctc.Benchmarks;

/// <summary>The passes of loss and gradient, one by one, on one thread.</summary>
public class PassBenchmarks : ShapeBenchmarks
{
    private Lattice lattice = null!;
    private Tensor scores = null!, lengths = null!, ones = null!, read = null!;
    private FusedLabels labels = null!;
    private FusedPosterior posterior = null!;

    /// <summary>Prepares the inputs of a pass.</summary>
    public override void Draw()
    {
        base.Draw();
        (lattice, scores, lengths) = (Drawn.Build().Cast(torch.float32, torch.CPU), Drawn.Leaf.detach(), torch.tensor(Drawn.Batch.Frames.ToArray()));
        (Tensor distinct, _) = DistinctLabels.Find(lattice.Labels, scores.shape[2]);
        labels = FusedLabels.Create(distinct, null, scores, lengths, logits: true);
        read = labels.Read(scores);
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

    /// <summary>The log-softmax of the labels, with the log-sum-exp of each row.</summary>
    [Benchmark(Description = "labels read from logits")]
    public void Read() => Pass(() => labels.Read(scores));

    /// <summary>The gradient with respect to logits, from that of the labels; as if this were the labels' scores.</summary>
    [Benchmark(Description = "gradient from logits written")]
    public void WriteFromLogits() => Pass(() => labels.ByToken(scores, read, throughSoftmax: true));

    private static void Pass<T>(Func<T> pass)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _ = pass();
    }
}
