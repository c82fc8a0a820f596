using System.Numerics;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Results;

/// <summary>The softmax of logits as the log-sum-exp of each row; neither the softmax nor its logarithm is stored.</summary>
/// <remarks>
/// ln Z under the log-softmax is ln Z under the logits minus the log-sum-exp of each frame; its gradient is γ − p. So the passes read the logits
/// of the tokens in the lattice only, and all logits are read twice: once here, and once to write the gradient.
/// The sums are doubles: a loss near 0 over 2,000 frames is the difference of them and of logits that may be large.
/// </remarks>
/// <param name="logits">[T, B, V], contiguous.</param>
/// <param name="logSums">[T, B] of type float64; undefined in padding.</param>
internal sealed class Softmax(Tensor logits, Tensor logSums)
{
    /// <summary>Gets the logits, [T, B, V], contiguous.</summary>
    public Tensor Logits { get; } = logits;

    /// <summary>Gets the log-sum-exp of each row, [T, B] of type float64; undefined in padding.</summary>
    public Tensor LogSums { get; } = logSums;

    /// <summary>Computes the log-sum-exp of the rows outside padding. O(T·B·V).</summary>
    /// <param name="logits">[T, B, V] of type float32 or float64, on the CPU.</param>
    /// <param name="lengths">[B] of type int64.</param>
    public static Softmax FromLogits(Tensor logits, Tensor lengths)
    {
        using var withoutGradient = torch.no_grad();
        logits = logits.contiguous();
        Tensor sums = torch.empty([logits.shape[0], logits.shape[1]], torch.float64);
        if (logits.dtype == torch.float64) Sum<double>(logits, lengths, sums);
        else Sum<float>(logits, lengths, sums);
        return new Softmax(logits, sums);
    }

    private static void Sum<T>(Tensor logits, Tensor lengths, Tensor sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (TensorMemory<T> rows, TensorMemory<double> to, TensorMemory<long> ends) = (new(logits), new(sums), new(lengths));
        (long utterances, int tokens) = (logits.shape[1], checked((int)logits.shape[2]));
        Workers.ShareFrames(checked((int)logits.shape[0]), t =>
        {
            for (long b = 0; b < utterances; b++)
            {
                long row = (t * utterances) + b;
                if (t < ends[b]) to[row] = SoftmaxRow.LogSum<T>(rows.Slice(row * tokens, tokens));
            }
        });
    }
}
