using System.Numerics;
using System.Runtime.CompilerServices;
using Ctc.Engine.Outputs;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Labels;

/// <inheritdoc/>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal sealed class FusedLabels<T, TLanes> : FusedLabels
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, IDoubleLanes<TLanes>
{
    private readonly int frames, utterances, tokens, labels, terms;
    private readonly bool logits, all; // all: the labels are all tokens, in their order
    private readonly long[] lengths;
    private readonly long[]? shape; // B, C, K
    private readonly LabelPlaces[] own;
    private readonly double[] logSums, remainders; // [T, B]

    /// <inheritdoc cref="FusedLabels.Create"/>
    public FusedLabels(Tensor labels, TokenClasses? classes, Tensor scores, Tensor lengths, bool logits)
    {
        (frames, utterances, tokens) = (checked((int)scores.shape[0]), checked((int)scores.shape[1]), checked((int)scores.shape[2]));
        (this.labels, this.logits) = ((int)labels.shape[1], logits);
        this.lengths = [.. Numbers<long>(lengths)];
        (shape, all) = (classes?.Tokens.shape, classes is null && labels.shape[1] == tokens);
        long[] everyLabel = Numbers<long>(labels);
        (double[] rest, long[] listed, double[] weights) = classes is null
            ? ([], [], [])
            : (Numbers<double>(classes.Rest.to(torch.float64)), Numbers<long>(classes.Tokens), Numbers<double>(classes.Weights.to(torch.float64)));
        own = new LabelPlaces[utterances];
        for (int b = 0; b < utterances; b++)
        {
            Span<long> ofUtterance = everyLabel.AsSpan(b * this.labels, this.labels);
            own[b] = new LabelPlaces(ofUtterance, tokens, (int)(shape?[1] ?? 0), (int)(shape?[2] ?? 0), b, rest, listed, weights);
        }

        terms = own.Select(utterance => utterance.Classes?.Tokens.Length ?? 0).Append(0).Max() + 1;
        int rows = checked(frames * utterances);
        (logSums, remainders) = (logits ? new double[rows] : [], shape is null ? [] : new double[rows]);
    }

    /// <inheritdoc/>
    public override Tensor Read(Tensor scores)
    {
        Tensor read = OutputTensors.Create([frames, utterances, labels], scores.dtype);
        (TensorMemory<T> from, TensorMemory<T> to) = (new(scores), new(read));
        ForEach((row, t, b) =>
        {
            int position = (t * utterances) + b;
            Prefetch(from, position, tokens);
            Span<T> written = to.Slice((long)position * labels, labels);
            if (t < lengths[b]) Read(row, own[b], position, from.Slice((long)position * tokens, tokens), written);
            else written.Clear();
        });
        GC.KeepAlive(scores);
        return read;
    }

    /// <inheritdoc/>
    public override Tensor ByToken(Tensor scores, Tensor byLabel, bool throughSoftmax)
    {
        Tensor dense = OutputTensors.Create([frames, utterances, tokens], scores.dtype);
        (TensorMemory<T> from, TensorMemory<T> amounts, TensorMemory<T> to) = (new(scores), new(byLabel), new(dense));
        bool streamed = TensorMemory<T>.IsStreamed((long)frames * utterances * tokens);
        ForEach((row, t, b) =>
        {
            int position = (t * utterances) + b;
            Prefetch(from, position, tokens);
            Prefetch(amounts, position, labels);
            Prefetch(to, position, tokens);
            ReadOnlySpan<T> each = amounts.Slice((long)position * labels, labels), read = from.Slice((long)position * tokens, tokens);
            Span<T> written = to.Slice((long)position * tokens, tokens);
            if (t >= lengths[b] || !each[..own[b].Count].ContainsAnyExcept(T.Zero))
            {
                written.Clear();
                return;
            }

            double? logSum = throughSoftmax && logits ? logSums[position] : null;
            if (own[b].Classes is not { } classes)
            {
                WriteTokens(row, own[b], read, logSum, each, written, streamed);
                return;
            }

            WriteClasses(row, own[b], classes, remainders[position], read, logSum, each, streamed ? row.Made : written);
            if (streamed) to.Stream((long)position * tokens, row.Made);
        });
        GC.KeepAlive(scores);
        GC.KeepAlive(byLabel);
        return dense;
    }

    /// <inheritdoc/>
    public override (Tensor OfRest, Tensor OfListed) ByWeight(Tensor scores, Tensor byLabel)
    {
        (int classes, int places) = ((int)shape![1], (int)shape[2]);
        Tensor ofRest = torch.zeros(shape[..2], torch.float64), ofListed = torch.zeros(shape, torch.float64);
        (TensorMemory<T> from, TensorMemory<T> amounts) = (new(scores), new(byLabel));
        (TensorMemory<double> rest, TensorMemory<double> listed) = (new(ofRest), new(ofListed));
        Workers.Share(utterances, CreateRow, (row, b) =>
        {
            if (own[b].Classes is not { } ofUtterance) return;
            var sums = new double[ofUtterance.Weights.Length];
            for (int t = 0; t < lengths[b]; t++)
            {
                int position = (t * utterances) + b;
                ReadOnlySpan<double> masses = row.Masses(own[b], amounts.Slice((long)position * labels, labels));
                row.Classes.Load(ofUtterance, from.Slice((long)position * tokens, tokens), remainders[position]);
                row.Classes.Divide(masses);
                row.Classes.AddTo(masses, sums);
            }

            for (int i = 0; i < ofUtterance.Numbers.Length; i++)
            {
                long number = ((long)b * classes) + ofUtterance.Numbers[i];
                ReadOnlySpan<int> places = ofUtterance.Places.AsSpan(i * (int)shape[2], (int)shape[2]);
                for (int m = 0; m <= ofUtterance.Tokens.Length; m++)
                {
                    double sum = sums[(m * ofUtterance.Stride) + i];
                    int place = places.IndexOf(m);
                    if (place < 0) rest[number] += sum;
                    else listed[(number * places.Length) + place] = sum;
                }
            }
        });
        GC.KeepAlive(scores);
        GC.KeepAlive(byLabel);
        return (ofRest.to(scores.dtype), ofListed.to(scores.dtype));
    }

    private LabelRow<T, TLanes> CreateRow() => new(tokens, terms, shape is null ? 0 : labels);

    // Rows in the order of memory; with classes a few frames of an utterance in turn, for which the weights of its classes stay in the cache.
    private void ForEach(Action<LabelRow<T, TLanes>, int, int> work) => Workers.ShareFrames(frames, CreateRow, (row, first, end) =>
    {
        if (shape is null)
        {
            for (int t = first; t < end; t++)
            {
                for (int b = 0; b < utterances; b++) work(row, t, b);
            }

            return;
        }

        for (int b = 0; b < utterances; b++)
        {
            for (int t = first; t < end; t++) work(row, t, b);
        }
    });

    // The start of the same utterance's row some frames later: of the rest, and of rows in the order of memory, the processor thinks itself.
    private void Prefetch(TensorMemory<T> rows, int position, int width)
    {
        const int Frames = 4, Lines = 4;
        if (shape is null) return;
        long start = (position + ((long)Frames * utterances)) * width;
        for (int i = 0; i < Math.Min(width, Lines * TensorMemory<T>.CacheLine); i += TensorMemory<T>.CacheLine) rows.Prefetch(start + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read(LabelRow<T, TLanes> row, LabelPlaces utterance, int position, ReadOnlySpan<T> scores, Span<T> to)
    {
        double logSum = 0;
        if (utterance.Classes is { } classes)
        {
            remainders[position] = row.Remainder(classes, scores);
            logSum = row.Classes.Load(classes, scores, remainders[position]);
        }
        else if (logits)
        {
            logSum = SoftmaxRow.LogSum(scores);
        }

        if (logits) logSums[position] = logSum;
        // A frame whose logits are all −∞ has no softmax: no path explains it.
        double normaliser = logits && !double.IsNegativeInfinity(logSum) ? logSum : 0;
        if (all)
        {
            SoftmaxRow.WriteLogs(scores, normaliser, to);
            return;
        }

        ReadOnlySpan<int> read = utterance.Tokens, places = utterance.TokenPlaces;
        for (int i = 0; i < read.Length; i++) to[places[i]] = T.CreateTruncating(double.CreateTruncating(scores[read[i]]) - normaliser);
        if (utterance.Classes is not null)
        {
            ReadOnlySpan<double> ofClasses = row.Classes.Score();
            for (int c = 0; c < ofClasses.Length; c++) to[utterance.ClassPlaces[c]] = T.CreateTruncating(ofClasses[c] - normaliser);
        }

        to[utterance.Count..].Clear();
    }

    private void WriteTokens(
        LabelRow<T, TLanes> row, LabelPlaces utterance, ReadOnlySpan<T> scores, double? logSum, ReadOnlySpan<T> amounts, Span<T> to, bool streamed)
    {
        ReadOnlySpan<T> ofTokens = all ? amounts : row.Spread(utterance, amounts);
        if (logSum is { } sum) SoftmaxRow.Write(scores, sum, T.CreateTruncating(-Taken(utterance, amounts)), ofTokens, to, streamed);
        else ofTokens.CopyTo(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteClasses(
        LabelRow<T, TLanes> row,
        LabelPlaces utterance,
        UtteranceClasses classes,
        double remainder,
        ReadOnlySpan<T> scores,
        double? logSum,
        ReadOnlySpan<T> amounts,
        Span<T> to)
    {
        double taken = logSum is null ? 0 : Taken(utterance, amounts);
        row.Classes.Load(classes, scores, remainder);
        row.Classes.Divide(row.Masses(utterance, amounts));
        ReadOnlySpan<double> divided = row.Classes.Divided;
        double factor = divided[^1] - OfSoftmax(remainder);
        if (factor == 0 || double.IsNegativeInfinity(remainder)) to.Clear();
        else SoftmaxRow.Write(scores, remainder, T.CreateTruncating(factor), to);
        for (int m = 0; m < classes.Tokens.Length; m++)
        {
            int token = classes.Tokens[m];
            to[token] = T.CreateTruncating(divided[m] - OfSoftmax(double.CreateTruncating(scores[token])));
        }

        ReadOnlySpan<int> read = utterance.Tokens, places = utterance.TokenPlaces;
        for (int i = 0; i < read.Length; i++) to[read[i]] += amounts[places[i]];

        double OfSoftmax(double score) => logSum is { } sum ? taken * Math.Exp(score - sum) : 0;
    }

    private static double Taken(LabelPlaces utterance, ReadOnlySpan<T> amounts) => SoftmaxRow.Sum(amounts[..utterance.Count]);

    private static TNumber[] Numbers<TNumber>(Tensor tensor)
        where TNumber : unmanaged => tensor.numel() == 0 ? [] : tensor.contiguous().data<TNumber>().ToArray();
}
