using System.Numerics;
using Ctc.Engine.Outputs;
using Ctc.Engine.Recursions.Fused.Memory;

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
    /// <returns>[B] ln Z; and the posterior, if wanted.</returns>
    public static (Tensor LogZ, PlaceTable Table) Run(Batch batch, Tensor scores, bool logits, bool posterior)
    {
        using var withoutGradient = torch.no_grad();
        var table = PlaceTable.CreateZeros(scores.shape[0], scores.shape[1], scores.shape[2]);
        if (scores.dtype == torch.float64) Read<double>(batch, scores, logits, table);
        else Read<float>(batch, scores, logits, table);
        return (torch.tensor(table.Run(batch, posterior)).to(scores.dtype), table);
    }

    /// <summary>Computes the gradient with respect to the scores.</summary>
    /// <param name="batch">As of <see cref="Run"/>.</param>
    /// <param name="scores">As of <see cref="Run"/>.</param>
    /// <param name="logits">As of <see cref="Run"/>.</param>
    /// <param name="shares">The posterior.</param>
    /// <param name="upstream">[B] the incoming gradient; any number where no alignment has a probability.</param>
    /// <param name="fastEmit">The factor on the shares of tokens is 1 + this number.</param>
    /// <returns>[B, T, U+1, V].</returns>
    public static Tensor Gradient(Batch batch, Tensor scores, bool logits, PlaceTable shares, Tensor upstream, double fastEmit)
    {
        Tensor gradient = OutputTensors.Create(scores.shape, scores.dtype);
        double[] factors = [.. upstream.to(torch.float64).contiguous().data<double>()];
        if (scores.dtype == torch.float64) Write<double>(batch, scores, logits, shares, factors, 1 + fastEmit, gradient);
        else Write<float>(batch, scores, logits, shares, factors, 1 + fastEmit, gradient);
        return gradient;
    }

    private static void Read<T>(Batch batch, Tensor scores, bool logits, PlaceTable table)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var memory = new TensorMemory<T>(scores);
        Share(batch, scores, (_, rows) => rows.Read(memory, logits, table));
    }

    private static void Write<T>(
        Batch batch, Tensor scores, bool logits, PlaceTable shares, double[] factors, double ofTokens, Tensor gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (memory, to) = (new TensorMemory<T>(scores), new TensorMemory<T>(gradient));
        Share(batch, scores, (b, rows) => rows.WriteGradient(memory, logits, shares, factors[b], ofTokens, to));
        GC.KeepAlive(shares);
    }

    private static void Share(Batch batch, Tensor scores, Action<int, PlaceRows> work)
    {
        (int total, int columns) = ((int)scores.shape[1], (int)scores.shape[2]);
        int pieces = (total + FramesAtATime - 1) / FramesAtATime;
        Workers.Share(batch.Size * pieces, piece =>
        {
            (int b, int start) = (piece / pieces, piece % pieces * FramesAtATime);
            int frames = Math.Min(FramesAtATime, total - start);
            work(b, new PlaceRows(batch, b, start, frames, columns, (((long)b * total) + start) * columns));
        });
    }
}
