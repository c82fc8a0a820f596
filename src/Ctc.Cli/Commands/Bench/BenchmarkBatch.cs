using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;

namespace Ctc.Cli.Commands.Bench;

/// <summary>A batch for a benchmark.</summary>
/// <param name="batch">All targets have one length, and all utterances have all frames.</param>
/// <param name="leaf">[T, B, V] log-probabilities in float32 that require a gradient; also valid as logits.</param>
internal sealed class BenchmarkBatch(Batch batch, Tensor leaf)
{
    private readonly CtcTopology topology = new();
    private readonly Tensor targets = torch.tensor(batch.Targets.SelectMany(target => target).ToArray(), [batch.Size, batch.Targets[0].Length]);
    private readonly Tensor frames = torch.tensor(batch.Frames.ToArray());
    private readonly Tensor lengths = torch.tensor(batch.Targets.Select(target => target.LongLength).ToArray());

    /// <summary>Gets the targets and lengths.</summary>
    public Batch Batch { get; } = batch;

    /// <summary>Gets the scores, [T, B, V].</summary>
    public Tensor Leaf { get; } = leaf;

    /// <summary>The built-in loss of libtorch, of log-probabilities.</summary>
    public Tensor BuiltIn(Tensor logProbs) => torch.nn.functional.ctc_loss(logProbs, targets, frames, lengths, reduction: torch.nn.Reduction.Sum);

    /// <summary>The loss of the engine, of log-probabilities; the lattice is built each time.</summary>
    public Tensor Ours(Tensor logProbs, RecursionKind kind) => -Recursion.LogLikelihood(Build(), logProbs, Batch.Frames, kind).sum();

    /// <summary>The loss of the engine, of logits, in one pass.</summary>
    public Tensor FromLogits(Tensor logits) => -Recursion.LogLikelihoodFromLogits(Build(), logits, Batch.Frames, RecursionKind.Fused).sum();

    /// <summary>The same with stars before, between and behind the tokens, each a class of tokens.</summary>
    public Tensor StarFromLogits(Tensor logits) =>
        -Recursion.LogLikelihoodFromLogits(BuildStar(), logits, Batch.Frames, RecursionKind.Fused).sum();

    /// <summary>The best paths.</summary>
    public ViterbiAlignment Align() => Viterbi.Align(Build(), Leaf.detach(), Batch.Frames, RecursionKind.Fused);

    /// <summary>Computes the gradient of a loss.</summary>
    public Tensor Gradient(Func<Tensor, Tensor> loss)
    {
        Leaf.grad = null;
        loss(Leaf).backward();
        return Leaf.grad!;
    }

    /// <summary>Times the gradient of a loss. The gradient of the implementation before is freed outside of the time.</summary>
    public Tensor Time(Interleaved.Clock clock, string name, Func<Tensor, Tensor> loss)
    {
        Leaf.grad = null;
        return clock.Time(name, () => Gradient(loss));
    }

    /// <summary>The lattice of the targets.</summary>
    public Lattice Build() => topology.Build(Batch).Numerator;

    // Selfless CTC; where it reads the blank, a class of all tokens but the next one of the target.
    private Lattice BuildStar()
    {
        Lattice selfless = new SelflessTopology().Build(Batch).Numerator;
        long size = Batch.Size, states = selfless.Labels.shape[1], classes = (states + 1) / 2;
        Tensor state = torch.arange(states), next = torch.nn.functional.pad(targets, [0, 1], value: -1).unsqueeze(2); // [B, C, 1]
        return selfless
            .WithLabels(torch.where(state % 2 == 0, (state / 2).to(torch.int64) + Batch.Tokens, selfless.Labels))
            .WithClasses(new TokenClasses(torch.zeros([size, classes]), next, torch.full([size, classes, 1], double.NegativeInfinity)));
    }
}
