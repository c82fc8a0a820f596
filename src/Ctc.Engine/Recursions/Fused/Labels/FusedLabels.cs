using System.Numerics;
using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Labels;

/// <summary>
/// What the labels of a batch read in each frame, over CPU memory: tokens, classes of tokens, both under a log-softmax if the scores are logits; and
/// the way back, from amounts by label to one dense tensor.
/// </summary>
/// <remarks>
/// O(T·B·(V + C·M)) time for C classes and M listed tokens of an utterance. Neither a log-softmax nor the scores of classes are stored beside the
/// result. All sums are in double; that over the tokens of a frame is left for the way back.
/// </remarks>
internal abstract class FusedLabels
{
    /// <summary>Prepares the tables of the labels.</summary>
    /// <param name="labels">[B, R], as of <see cref="Ctc.Engine.Recursions.Labels.DistinctLabels"/>.</param>
    /// <param name="classes">Of the lattices; null without classes.</param>
    /// <param name="scores">[T, B, V] of type float32 or float64, on the CPU.</param>
    /// <param name="lengths">[B] of type int64.</param>
    /// <param name="logits">Whether the log-softmax of the scores is read.</param>
    public static FusedLabels Create(Tensor labels, TokenClasses? classes, Tensor scores, Tensor lengths, bool logits) =>
        scores.dtype == torch.float64
            ? Create<double>(labels, classes, scores, lengths, logits)
            : Create<float>(labels, classes, scores, lengths, logits);

    /// <summary>Reads the labels.</summary>
    /// <param name="scores">[T, B, V], contiguous.</param>
    /// <returns>[T, B, R]; 0 in padding.</returns>
    public abstract Tensor Read(Tensor scores);

    /// <summary>Divides amounts of labels among tokens, those of a class in proportion. After <see cref="Read"/>.</summary>
    /// <param name="scores">The scores that were read.</param>
    /// <param name="byLabel">[T, B, R], contiguous; any number in padding.</param>
    /// <param name="throughSoftmax">Whether the amounts are gradients, which a log-softmax takes back to its logits.</param>
    /// <returns>[T, B, V]; 0 in padding, and in frames where all amounts are 0.</returns>
    public abstract Tensor ByToken(Tensor scores, Tensor byLabel, bool throughSoftmax);

    /// <summary>Sums the amounts of classes by the weights of their tokens: the gradient of the weights. After <see cref="Read"/>.</summary>
    /// <param name="scores">The scores that were read.</param>
    /// <param name="byLabel">[T, B, R], contiguous.</param>
    /// <returns>[B, C] of the rest, and [B, C, K] of the listed tokens.</returns>
    public abstract (Tensor OfRest, Tensor OfListed) ByWeight(Tensor scores, Tensor byLabel);

    private static FusedLabels Create<T>(Tensor labels, TokenClasses? classes, Tensor scores, Tensor lengths, bool logits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Vector512.IsHardwareAccelerated
            ? new FusedLabels<T, DoubleLanes512>(labels, classes, scores, lengths, logits)
            : new FusedLabels<T, DoubleLanes256>(labels, classes, scores, lengths, logits);
}
