using System.Numerics;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Transducer;

/// <summary>Some frames of one utterance, in memory of rows of V numbers: row (t, u) is place (t, u).</summary>
/// <param name="batch">Targets and lengths.</param>
/// <param name="utterance">b.</param>
/// <param name="start">The first frame.</param>
/// <param name="frames">The number of frames.</param>
/// <param name="columns">The rows of a frame; more than the tokens of the target.</param>
/// <param name="row">The index of the first row in the memory.</param>
internal readonly struct PlaceRows(Batch batch, int utterance, int start, int frames, int columns, long row)
{
    /// <summary>Reads the two scores of each place in the utterance, relative to the log-sum of its row if the rows are logits.</summary>
    /// <param name="rows">The memory.</param>
    /// <param name="logits">Whether the rows are logits.</param>
    /// <param name="table">Receives the scores and the log-sums. A row without a softmax has scores of −∞.</param>
    public void Read<T>(TensorMemory<T> rows, bool logits, PlaceTable table)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int tokens, int blank, long[] target) = ((int)batch.Tokens, (int)batch.Blank!.Value, batch.Targets[utterance]);
        for (int t = start; t < Math.Min(start + frames, batch.Frames[utterance]); t++)
        {
            for (int u = 0; u <= target.Length; u++)
            {
                Span<T> own = rows.Slice(RowOf(t, u) * tokens, tokens);
                double sum = logits ? SoftmaxRow.LogSum<T>(own) : 0;
                long place = table.Place(utterance, t, u);
                table.Sums[place] = sum;
                bool silent = double.IsNegativeInfinity(sum);
                table.Blanks[place] = silent ? sum : double.CreateTruncating(own[blank]) - sum;
                table.Tokens[place] = silent || u == target.Length ? double.NegativeInfinity : double.CreateTruncating(own[(int)target[u]]) - sum;
            }
        }
    }

    /// <summary>Writes the gradient of each row: shares times the factor, less the softmax times their sum if the rows are logits.</summary>
    /// <param name="rows">The memory.</param>
    /// <param name="logits">Whether the rows are logits.</param>
    /// <param name="table">The shares of blanks and tokens, and the log-sums.</param>
    /// <param name="factor">The incoming gradient.</param>
    /// <param name="ofTokens">A factor on the shares of tokens.</param>
    /// <param name="to">Receives the gradient in rows of the same indices, 0 in padding.</param>
    public void WriteGradient<T>(TensorMemory<T> rows, bool logits, PlaceTable table, double factor, double ofTokens, TensorMemory<T> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int tokens, int blank, long[] target) = ((int)batch.Tokens, (int)batch.Blank!.Value, batch.Targets[utterance]);
        for (int t = start; t < start + frames; t++)
        {
            for (int u = 0; u < columns; u++)
            {
                Span<T> own = to.Slice(RowOf(t, u) * tokens, tokens);
                long place = table.Place(utterance, t, u);
                if (t >= batch.Frames[utterance] || u > target.Length || (table.Blanks[place] == 0 && table.Tokens[place] == 0))
                {
                    own.Clear();
                    continue;
                }

                double blankShare = factor * table.Blanks[place], tokenShare = factor * ofTokens * table.Tokens[place];
                T mass = T.CreateTruncating(-(blankShare + tokenShare));
                if (logits) SoftmaxRow.Write(rows.Slice(RowOf(t, u) * tokens, tokens), table.Sums[place], mass, own);
                else own.Clear();
                own[blank] += T.CreateTruncating(blankShare);
                if (u < target.Length) own[(int)target[u]] += T.CreateTruncating(tokenShare);
            }
        }
    }

    private long RowOf(int t, int u) => row + ((long)(t - start) * columns) + u;
}
