using System.Numerics;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>The softmax of logits, known by the log-sum-exp of each row; neither it nor its logarithm is ever written.</summary>
/// <remarks>
/// ln Z under the log-softmax is ln Z under the logits, less the log-sum-exp of each frame; its gradient is γ − p. So walks read the logits as they are,
/// of which they need what the targets name, and all of them are read twice: once before, and once where the gradient is written.
/// The sums are doubles: a loss near 0 over 2,000 frames is their difference from logits that may be large.
/// </remarks>
/// <param name="Logits">[T, B, V], contiguous.</param>
/// <param name="LogSums">[T, B] of type float64; padding means nothing.</param>
internal sealed record Softmax(Tensor Logits, Tensor LogSums)
{
    /// <summary>Sums the rows that are no padding. O(T·B·V).</summary>
    /// <param name="logits">[T, B, V] of type float32 or float64, on the CPU.</param>
    /// <param name="lengths">[B] of type int64.</param>
    public static Softmax Of(Tensor logits, Tensor lengths)
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
