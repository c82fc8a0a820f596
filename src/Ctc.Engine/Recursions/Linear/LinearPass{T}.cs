using System.Numerics;
using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Linear;

/// <inheritdoc/>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class LinearPass<T> : LinearPass
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int RowsOfPiece = 16;

    private readonly int batch, rowsAtATime;
    private readonly bool hasPadding;
    private readonly long vocabulary;
    private readonly long[] rows; // t·B + b of each row in a valid frame
    private readonly double[] logSums; // of each row

    /// <inheritdoc cref="LinearPass.Create"/>
    public LinearPass(LinearOutput output, long[] lengths, int[][] tokens, int width, int rowsAtATime)
        : base(lengths, tokens, width)
    {
        (batch, vocabulary, this.rowsAtATime) = (lengths.Length, output.Weight.shape[0], rowsAtATime);
        long frames = output.Hidden.shape[0];
        rows = [.. Enumerable.Range(0, (int)(frames * batch)).Where(row => row / batch < lengths[row % batch]).Select(row => (long)row)];
        logSums = new double[rows.Length];
        hasPadding = rows.Length < frames * batch;
    }

    /// <inheritdoc/>
    public override Tensor Read(LinearOutput output, double[]? weights, LinearGradients? gradients)
    {
        Tensor read = torch.zeros([output.Hidden.shape[0], batch, Width], output.Hidden.dtype);
        var to = new TensorMemory<T>(read);
        Run(output, weights, gradients, (row, logits) =>
        {
            double logSum = logSums[row] = SoftmaxRow.LogSum<T>(logits);
            // A frame whose logits are all −∞ has no softmax: no path explains it.
            double normaliser = double.IsNegativeInfinity(logSum) ? 0 : logSum;
            int[] own = Tokens[rows[row] % batch];
            Span<T> written = to.Slice(rows[row] * Width, Width);
            for (int i = 0; i < own.Length; i++) written[i] = T.CreateTruncating(double.CreateTruncating(logits[own[i]]) - normaliser);
        });
        return read;
    }

    /// <inheritdoc/>
    public override void AddSoftmax(LinearOutput output, double[] weights, LinearGradients gradients) => Run(output, weights, gradients, null);

    /// <inheritdoc/>
    public override void AddLabels(LinearOutput output, Tensor byLabel, LinearGradients gradients)
    {
        for (int b = 0; b < batch; b++)
        {
            if (Lengths[b] == 0) continue;
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor own = byLabel.select(1, b).narrow(0, 0, Lengths[b]).narrow(1, 0, Tokens[b].Length); // [T_b, R_b]
            using Tensor tokens = torch.tensor(Tokens[b].Select(token => (long)token).ToArray());
            if (gradients.Hidden is { } ofHidden)
            {
                Tensor to = ofHidden.select(1, b).narrow(0, 0, Lengths[b]);
                to.add_(own.matmul(output.Weight.index_select(0, tokens)), Scalars.One);
            }

            gradients.Weight?.index_add_(0, tokens, own.t().matmul(output.Hidden.select(1, b).narrow(0, 0, Lengths[b])), Scalars.One);
            gradients.Bias?.index_add_(0, tokens, own.sum([0L]), Scalars.One);
        }
    }

    private void Run(LinearOutput output, double[]? weights, LinearGradients? gradients, RowReader? read)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor weight, Tensor transposed) = (output.Weight, output.Weight.t());
        Tensor hidden = output.Hidden.view(-1, weight.shape[1]), buffer = torch.empty([Math.Min(rowsAtATime, rows.Length), vocabulary], weight.dtype);
        Tensor? ofHidden = gradients?.Hidden?.view(-1, weight.shape[1]);
        Tensor? positions = hasPadding ? torch.tensor(rows) : null;
        var memory = new TensorMemory<T>(buffer);
        for (int first = 0; first < rows.Length; first += rowsAtATime)
        {
            using DisposeScope ofChunk = torch.NewDisposeScope();
            int count = Math.Min(rowsAtATime, rows.Length - first);
            Tensor? own = positions?.narrow(0, first, count);
            Tensor chunk = buffer.narrow(0, 0, count), states = own is null ? hidden.narrow(0, first, count) : hidden.index_select(0, own);
            if (output.Bias is { } bias) chunk.copy_(bias);
            chunk.addmm_(states, transposed, output.Bias is null ? 0 : 1, 1);
            Workers.Share((count + RowsOfPiece - 1) / RowsOfPiece, piece =>
            {
                for (int i = piece * RowsOfPiece; i < Math.Min(count, (piece + 1) * RowsOfPiece); i++)
                {
                    Span<T> row = memory.Slice(i * vocabulary, (int)vocabulary);
                    read?.Invoke(first + i, row);
                    if (weights is not null) WriteSoftmax(row, logSums[first + i], weights[rows[first + i] % batch]);
                }
            });
            if (weights is null || gradients is null) continue;
            if (own is null) ofHidden?.narrow(0, first, count).addmm_(chunk, weight, 0, 1);
            else ofHidden?.index_copy_(0, own, chunk.matmul(weight));
            gradients.Weight?.addmm_(chunk.t(), states, 1, 1);
            gradients.Bias?.add_(chunk.sum([0L]), Scalars.One);
        }
    }

    // In place: the last vector of a row that is written at once overlaps the one before it.
    private static void WriteSoftmax(Span<T> row, double logSum, double weight)
    {
        if (weight == 0 || double.IsNegativeInfinity(logSum))
        {
            row.Clear();
            return;
        }

        int wholes = row.Length & -Vector512<T>.Count;
        T factor = T.CreateTruncating(weight);
        if (wholes > 0) SoftmaxRow.Write(row[..wholes], logSum, factor, row[..wholes]);
        if (wholes < row.Length) SoftmaxRow.Write(row[wholes..], logSum, factor, row[wholes..]);
    }

    private delegate void RowReader(int row, Span<T> logits);
}
