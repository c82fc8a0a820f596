using System.Buffers;
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
    private readonly Utterance[] own;
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
        own = new Utterance[utterances];
        for (int b = 0; b < utterances; b++)
        {
            Span<long> ofUtterance = everyLabel.AsSpan(b * this.labels, this.labels);
            own[b] = new Utterance(ofUtterance, tokens, (int)(shape?[1] ?? 0), (int)(shape?[2] ?? 0), b, rest, listed, weights);
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
        Workers.Share(utterances, () => new Row(this), (row, b) =>
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

    // Rows in the order of memory; with classes a few frames of an utterance in turn, for which the weights of its classes stay in the cache.
    private void ForEach(Action<Row, int, int> work) => Workers.ShareFrames(frames, () => new Row(this), (row, first, end) =>
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
    private void Read(Row row, Utterance utterance, int position, ReadOnlySpan<T> scores, Span<T> to)
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
        Row row, Utterance utterance, ReadOnlySpan<T> scores, double? logSum, ReadOnlySpan<T> amounts, Span<T> to, bool streamed)
    {
        ReadOnlySpan<T> ofTokens = all ? amounts : row.Spread(utterance, amounts);
        if (logSum is { } sum) SoftmaxRow.Write(scores, sum, T.CreateTruncating(-Taken(utterance, amounts)), ofTokens, to, streamed);
        else ofTokens.CopyTo(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteClasses(
        Row row,
        Utterance utterance,
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

    private static double Taken(Utterance utterance, ReadOnlySpan<T> amounts) => SoftmaxRow.Sum(amounts[..utterance.Count]);

    private static TNumber[] Numbers<TNumber>(Tensor tensor)
        where TNumber : unmanaged => tensor.numel() == 0 ? [] : tensor.contiguous().data<TNumber>().ToArray();

    /// <summary>The labels of one utterance.</summary>
    private sealed class Utterance
    {
        public Utterance(
            ReadOnlySpan<long> labels, int tokens, int classes, int places, int b, double[] rest, long[] listed, double[] weights)
        {
            // The first label is repeated in padding.
            Count = labels.Length;
            while (Count > 1 && labels[Count - 1] == labels[0]) Count--;
            List<int> read = [], tokenPlaces = [], numbers = [], classPlaces = [];
            for (int place = 0; place < Count; place++)
            {
                (List<int> of, List<int> at) = labels[place] < tokens ? (read, tokenPlaces) : (numbers, classPlaces);
                of.Add((int)(labels[place] < tokens ? labels[place] : labels[place] - tokens));
                at.Add(place);
            }

            (Tokens, TokenPlaces, ClassPlaces) = ([.. read], [.. tokenPlaces], [.. classPlaces]);
            if (numbers.Count == 0) return;
            Range own = (b * classes)..((b + 1) * classes), ofEach = (b * classes * places)..((b + 1) * classes * places);
            Classes = new UtteranceClasses([.. numbers], tokens, rest.AsSpan(own), listed.AsSpan(ofEach), weights.AsSpan(ofEach));
        }

        public int Count { get; }

        public int[] Tokens { get; }

        public int[] TokenPlaces { get; }

        public UtteranceClasses? Classes { get; }

        public int[] ClassPlaces { get; }
    }

    /// <summary>The working memory of a thread.</summary>
    private sealed class Row : IDisposable
    {
        private readonly T[] copy;
        private readonly double[] masses;
        private readonly int tokens;
        private T[] made = [], spread = [];
        private int[] spreadTokens = [];

        public Row(FusedLabels<T, TLanes> labels)
        {
            tokens = labels.tokens;
            bool none = labels.shape is null;
            copy = none ? [] : ArrayPool<T>.Shared.Rent(tokens);
            masses = none ? [] : new double[labels.labels + ExtendedRange.Lanes];
            Classes = new ClassRow<TLanes>(labels.terms, none ? 0 : labels.labels);
        }

        public ClassRow<TLanes> Classes { get; }

        /// <summary>Gets room for V numbers, where a row is made that is streamed.</summary>
        public Span<T> Made
        {
            get
            {
                if (made.Length < tokens) made = ArrayPool<T>.Shared.Rent(tokens);
                return made.AsSpan(0, tokens);
            }
        }

        public void Dispose()
        {
            if (copy.Length > 0) ArrayPool<T>.Shared.Return(copy);
            if (made.Length > 0) ArrayPool<T>.Shared.Return(made);
        }

        /// <summary>Returns V numbers: the amounts of tokens in their places, and zeros.</summary>
        public ReadOnlySpan<T> Spread(Utterance utterance, ReadOnlySpan<T> amounts)
        {
            if (spread.Length == 0) spread = new T[tokens];
            foreach (int token in spreadTokens) spread[token] = T.Zero;
            spreadTokens = utterance.Tokens;
            for (int i = 0; i < spreadTokens.Length; i++) spread[spreadTokens[i]] = amounts[utterance.TokenPlaces[i]];
            return spread;
        }

        /// <summary>Computes the log-sum over the tokens that no class lists: the listed ones are never in the sum.</summary>
        public double Remainder(UtteranceClasses classes, ReadOnlySpan<T> scores)
        {
            Span<T> row = copy.AsSpan(0, tokens);
            if (classes.Unlisted is { } unlisted)
            {
                for (int i = 0; i < unlisted.Length; i++) row[i] = scores[unlisted[i]];
                return SoftmaxRow.LogSum<T>(row[..unlisted.Length]);
            }

            scores.CopyTo(row);
            foreach (int token in classes.Tokens) row[token] = T.NegativeInfinity;
            return SoftmaxRow.LogSum<T>(row);
        }

        public ReadOnlySpan<double> Masses(Utterance utterance, ReadOnlySpan<T> amounts)
        {
            for (int c = 0; c < utterance.ClassPlaces.Length; c++) masses[c] = double.CreateTruncating(amounts[utterance.ClassPlaces[c]]);
            return masses.AsSpan(0, utterance.ClassPlaces.Length);
        }
    }
}
