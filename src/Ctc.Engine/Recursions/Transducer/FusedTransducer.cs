using System.Numerics;
using Ctc.Engine.Outputs;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Transducer;

/// <summary>The recursion of a transducer over CPU memory: ln Z, the posterior, and the gradient from it.</summary>
/// <remarks>
/// Each row of V numbers is read once for ln Z and once for the gradient; no log-softmax is stored. The recursion itself computes in double
/// precision. Memory: three numbers for each place, and the gradient. Utterances are computed one by one, so the bits do not depend on the number of
/// threads or on the rest of the batch.
/// </remarks>
internal static class FusedTransducer
{
    private const int FramesAtATime = 16;

    /// <summary>Returns why this recursion cannot be used.</summary>
    /// <returns>A clause to follow "because"; null if it can be used.</returns>
    public static string? Refusal(Tensor scores) => scores.device.type == DeviceType.CPU ? null : $"the scores are on the device {scores.device}";

    /// <summary>Computes ln Z, and if wanted the posterior.</summary>
    /// <param name="batch">Checked against the scores.</param>
    /// <param name="scores">[B, T, U+1, V], contiguous; padding may hold anything.</param>
    /// <param name="logits">Whether the scores are logits, of which the log-softmax is read.</param>
    /// <param name="posterior">Whether to run the backward pass.</param>
    /// <returns>[B] ln Z; and the posterior, null if not wanted.</returns>
    public static (Tensor LogZ, PlaceShares? Shares) Run(Batch batch, Tensor scores, bool logits, bool posterior) => scores.dtype == torch.float64
        ? Run<double>(batch, scores, logits, posterior)
        : Run<float>(batch, scores, logits, posterior);

    /// <summary>Computes the gradient with respect to the scores.</summary>
    /// <param name="batch">As of <see cref="Run(Batch, Tensor, bool, bool)"/>.</param>
    /// <param name="scores">As of <see cref="Run(Batch, Tensor, bool, bool)"/>.</param>
    /// <param name="logits">As of <see cref="Run(Batch, Tensor, bool, bool)"/>.</param>
    /// <param name="shares">The posterior.</param>
    /// <param name="upstream">[B] the incoming gradient; any number where no alignment has a probability.</param>
    /// <param name="fastEmit">The factor on the shares of tokens is 1 + this number.</param>
    /// <returns>[B, T, U+1, V].</returns>
    public static Tensor Gradient(Batch batch, Tensor scores, bool logits, PlaceShares shares, Tensor upstream, double fastEmit) =>
        scores.dtype == torch.float64
            ? Gradient<double>(batch, scores, logits, shares, upstream, fastEmit)
            : Gradient<float>(batch, scores, logits, shares, upstream, fastEmit);

    private static (Tensor LogZ, PlaceShares? Shares) Run<T>(Batch batch, Tensor scores, bool logits, bool posterior)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var withoutGradient = torch.no_grad();
        (int total, int columns, int tokens) = ((int)scores.shape[1], (int)scores.shape[2], (int)scores.shape[3]);
        PlaceShares? shares = posterior ? PlaceShares.CreateZeros(scores.shape) : null;
        Tensor logZ = torch.empty([batch.Size], scores.dtype);
        var (rows, totals) = (new TensorMemory<T>(scores), new TensorMemory<T>(logZ));
        var (blanks, emissions, sums) = shares is null ? default : shares.Memory;
        int[] order = [.. Enumerable.Range(0, batch.Size).OrderByDescending(b => batch.Frames[b] * (batch.Targets[b].Length + 1))];
        Workers.Share(batch.Size, () => new DiagonalPass(), (pass, piece) =>
        {
            int b = order[piece], frames = (int)batch.Frames[b], blank = (int)batch.Blank!.Value;
            long[] target = batch.Targets[b];
            long first = (long)b * total * columns;
            pass.Start(frames, target.Length);
            for (int t = 0; t < frames; t++)
            {
                for (int u = 0; u <= target.Length; u++)
                {
                    long place = first + ((long)t * columns) + u;
                    Span<T> row = rows.Slice(place * tokens, tokens);
                    double sum = logits ? SoftmaxRow.LogSum<T>(row) : 0;
                    if (posterior) sums[place] = sum;
                    if (double.IsNegativeInfinity(sum)) continue; // no softmax: no arc
                    double token = u < target.Length ? double.CreateTruncating(row[(int)target[u]]) - sum : double.NegativeInfinity;
                    pass.Set(t, u, double.CreateTruncating(row[blank]) - sum, token);
                }
            }

            double likelihood = pass.Forward();
            totals[b] = T.CreateTruncating(likelihood);
            if (posterior && !double.IsNegativeInfinity(likelihood)) pass.Backward(likelihood, first, columns, blanks, emissions);
        });
        GC.KeepAlive(shares);
        return (logZ, shares);
    }

    private static Tensor Gradient<T>(Batch batch, Tensor scores, bool logits, PlaceShares shares, Tensor upstream, double fastEmit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int total, int columns, int tokens) = ((int)scores.shape[1], (int)scores.shape[2], (int)scores.shape[3]);
        Tensor gradient = OutputTensors.Create(scores.shape, scores.dtype);
        double[] factors = [.. upstream.to(torch.float64).contiguous().data<double>()];
        var (rows, to) = (new TensorMemory<T>(scores), new TensorMemory<T>(gradient));
        var (blanks, emissions, sums) = shares.Memory;
        int blank = (int)batch.Blank!.Value, pieces = (total + FramesAtATime - 1) / FramesAtATime;
        Workers.Share(batch.Size * pieces, piece =>
        {
            int b = piece / pieces, start = piece % pieces * FramesAtATime;
            long[] target = batch.Targets[b];
            for (int t = start; t < Math.Min(total, start + FramesAtATime); t++)
            {
                for (int u = 0; u < columns; u++)
                {
                    long place = (((long)b * total) + t) * columns + u;
                    Span<T> own = to.Slice(place * tokens, tokens);
                    if (t >= batch.Frames[b] || u > target.Length || (blanks[place] == 0 && emissions[place] == 0))
                    {
                        own.Clear();
                        continue;
                    }

                    double ofBlank = factors[b] * blanks[place], ofToken = factors[b] * (1 + fastEmit) * emissions[place];
                    if (logits) SoftmaxRow.Write(rows.Slice(place * tokens, tokens), sums[place], T.CreateTruncating(-(ofBlank + ofToken)), own);
                    else own.Clear();
                    own[blank] += T.CreateTruncating(ofBlank);
                    if (u < target.Length) own[(int)target[u]] += T.CreateTruncating(ofToken);
                }
            }
        });
        GC.KeepAlive(shares);
        return gradient;
    }
}
