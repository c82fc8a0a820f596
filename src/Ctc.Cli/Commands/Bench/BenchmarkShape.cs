using System.Text.Json.Serialization;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;

namespace Ctc.Cli.Commands.Bench;

/// <summary>The size of a batch.</summary>
/// <param name="Name">Its meaning.</param>
/// <param name="T">Frames.</param>
/// <param name="B">Utterances.</param>
/// <param name="V">Tokens, counting the blank.</param>
/// <param name="U">Tokens of each target.</param>
public sealed record BenchmarkShape(
    [property: JsonIgnore] string Name,
    [property: JsonPropertyName("T")] int T,
    [property: JsonPropertyName("B")] int B,
    [property: JsonPropertyName("V")] int V,
    [property: JsonPropertyName("U")] int U)
{
    /// <summary>Random targets and numbers. The tensors belong to the caller's dispose scope.</summary>
    internal BenchmarkBatch Draw()
    {
        using var generator = new torch.Generator(1);
        Tensor logProbs = torch.randn([T, B, V], torch.float32, generator: generator).log_softmax(2).requires_grad_();
        Tensor targets = torch.randint(1, V, [B, U], torch.int64, generator: generator);
        return new BenchmarkBatch(new Batch([.. targets.data<long>().ToArray().Chunk(U)], [.. Enumerable.Repeat((long)T, B)], V), logProbs);
    }
}

/// <summary>A batch to be timed.</summary>
/// <param name="Batch">All targets are as long as one another, and all utterances have all frames.</param>
/// <param name="Leaf">[T, B, V] log-probabilities in float32 that require a gradient; also valid as logits.</param>
internal sealed record BenchmarkBatch(Batch Batch, Tensor Leaf)
{
    private readonly CtcTopology topology = new();
    private readonly Tensor targets = torch.tensor(Batch.Targets.SelectMany(target => target).ToArray(), [Batch.Size, Batch.Targets[0].Length]);
    private readonly Tensor frames = torch.tensor(Batch.Frames.ToArray());
    private readonly Tensor lengths = torch.tensor(Batch.Targets.Select(target => target.LongLength).ToArray());

    /// <summary>libtorch's own loss, of log-probabilities.</summary>
    public Tensor BuiltIn(Tensor logProbs) => torch.nn.functional.ctc_loss(logProbs, targets, frames, lengths, reduction: torch.nn.Reduction.Sum);

    /// <summary>Ours, of log-probabilities; the lattice is built each time.</summary>
    public Tensor Ours(Tensor logProbs, RecursionKind kind) => -Recursion.LogLikelihood(Build(), logProbs, Batch.Frames, kind).sum();

    /// <summary>Ours, of logits, in one pass.</summary>
    public Tensor FromLogits(Tensor logits) => -Recursion.LogLikelihoodFromLogits(Build(), logits, Batch.Frames, RecursionKind.Fused).sum();

    /// <summary>The best paths.</summary>
    public ViterbiAlignment Align() => Viterbi.Align(Build(), Leaf.detach(), Batch.Frames, RecursionKind.Fused);

    /// <summary>Goes forward and back.</summary>
    public Tensor Gradient(Func<Tensor, Tensor> loss)
    {
        Leaf.grad = null;
        loss(Leaf).backward();
        return Leaf.grad!;
    }

    /// <summary>The lattice of the targets.</summary>
    public Lattice Build() => topology.Build(Batch).Numerator;
}
