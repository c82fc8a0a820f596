using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ctc.Engine.Outputs;
using Ctc.Engine.Recursions.Fused.Memory;

namespace Ctc.Engine.Recursions.Fused.Results;

/// <inheritdoc/>
/// <remarks>
/// If V is large, the lattice of an utterance has few of the tokens: the occupancies of a frame are stored for those only, in the order of the tokens
/// of the utterance, and written into the dense tensor once, multiplied by the incoming gradient. If V ≤ 2S they are stored densely at once. The
/// masses of states, where these are wanted, are stored densely in their place.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class FusedPosterior<T> : FusedPosterior
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long tokens;
    private readonly int frames;
    private readonly bool dense;
    private readonly long[] lengths, starts;
    private readonly int[][] labels; // the tokens of each utterance; none if no path explains it

    /// <param name="batch">The batch of the posterior.</param>
    /// <param name="lattice">The lattice of the batch.</param>
    /// <param name="wanted">Whether the posterior of its arc, initial or final scores is wanted: <see cref="FusedPosterior.Expectations"/>.</param>
    /// <param name="byState">Whether the masses of states are wanted, not those of tokens.</param>
    public FusedPosterior(LatticeBatch<T> batch, Lattice lattice, Func<Tensor, bool> wanted, bool byState = false)
    {
        (ByState, tokens) = (byState, byState ? batch.States : batch.Tokens);
        (frames, lengths) = (batch.Frames, batch.Lengths);
        dense = byState || tokens <= 2L * batch.States;
        int width = UtteranceLabels.Room(tokens, batch.States);
        labels = [.. lengths.Select(_ => Array.Empty<int>())];
        starts = new long[lengths.Length];
        for (int b = 1; b < starts.Length; b++) starts[b] = starts[b - 1] + (lengths[b - 1] * width);
        Shares = byState
            ? OutputTensors.CreateZeros([frames, lengths.Length, tokens], lattice.Initial.dtype)
            : OutputTensors.Create([dense ? frames * lengths.Length * tokens : lengths.Sum() * width], lattice.Initial.dtype);
        Expectations = [Zeros(lattice.Arcs.Scores), Zeros(lattice.Initial), Zeros(lattice.Final)];

        Tensor? Zeros(Tensor scores) => wanted(scores) ? OutputTensors.CreateZeros(scores.shape, scores.dtype) : null;
    }

    /// <summary>Gets whether the shares are the masses of states, [T, B, S]: 0 in padding and where no path explains the frames.</summary>
    public bool ByState { get; }

    /// <summary>Sets the tokens of an utterance. Without this call its occupancies are 0.</summary>
    public void Begin(int utterance, ReadOnlySpan<int> itsTokens) => labels[utterance] = itsTokens.ToArray();

    /// <summary>Sets the occupancies of an utterance to NaN.</summary>
    public void FillWithNaN(TensorMemory<T> shares, int utterance)
    {
        Begin(utterance, [0]);
        T[] row = new T[UtteranceLabels.Room(1)];
        row[0] = T.NaN;
        for (int t = 0; t < lengths[utterance]; t++) Write(shares, utterance, t, row);
    }

    /// <summary>Gets the distance of the occupancies of two frames of an utterance.</summary>
    public long Step(int utterance) => dense ? lengths.Length * tokens : UtteranceLabels.Room(labels[utterance].Length);

    /// <summary>Returns the position of the occupancies of a frame.</summary>
    public long Frame(int utterance, int frame) =>
        dense ? (((long)frame * lengths.Length) + utterance) * tokens : starts[utterance] + (frame * Step(utterance));

    /// <summary>Returns whether whole vectors may be stored at <see cref="Frame"/>, in the order of the tokens of the utterance.</summary>
    public bool TakesVectors(int utterance) => !dense || (labels[utterance].Length == tokens && UtteranceLabels.Room((int)tokens) == tokens);

    /// <summary>Writes the occupancies of a frame.</summary>
    /// <param name="shares">The memory of <see cref="FusedPosterior.Shares"/>.</param>
    /// <param name="utterance">The utterance.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="own">Those of the tokens of the utterance, padded to whole vectors with zeros.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(TensorMemory<T> shares, int utterance, int frame, ReadOnlySpan<T> own)
    {
        int[] itsTokens = labels[utterance];
        Span<T> row = shares.Slice(Frame(utterance, frame), dense ? (int)tokens : UtteranceLabels.Room(itsTokens.Length));
        if (!dense || itsTokens.Length == tokens)
        {
            own[..row.Length].CopyTo(row);
            return;
        }

        row.Clear();
        for (int i = 0; i < itsTokens.Length; i++) row[itsTokens[i]] = own[i];
    }

    /// <inheritdoc/>
    public override Tensor Dense(Tensor shares, Tensor factors)
    {
        Tensor dense = OutputTensors.Create([frames, lengths.Length, tokens], shares.dtype);
        (TensorMemory<T> from, TensorMemory<T> by, TensorMemory<T> to) = (new(shares), new(factors), new(dense));
        Workers.ShareFrames(frames, t => Write(t, from, by, to));
        return dense;
    }

    /// <inheritdoc/>
    public override Tensor ExpectedScore(Tensor scores)
    {
        Tensor expected = torch.empty([lengths.Length], torch.float64);
        (TensorMemory<T> shares, TensorMemory<T> from, TensorMemory<double> to) = (new(Shares), new(scores), new(expected));
        Workers.Share(lengths.Length, b =>
        {
            double sum = 0;
            for (int t = 0; t < lengths[b] && labels[b].Length > 0; t++) sum += InFrame(b, t, shares, from);
            to[b] = sum;
        });
        return expected;
    }

    /// <inheritdoc/>
    protected override Tensor Explained() => torch.tensor(labels.Select(own => own.Length > 0).ToArray());

    // A mean over the frame: divided by its mass, so that its rounding error is not multiplied by scores that may be large.
    private double InFrame(int utterance, int frame, TensorMemory<T> shares, TensorMemory<T> scores)
    {
        long row = (((long)frame * labels.Length) + utterance) * tokens, first = Frame(utterance, frame);
        double sum = 0, mass = 0;
        for (int i = 0; i < labels[utterance].Length; i++)
        {
            int token = labels[utterance][i];
            double share = double.CreateTruncating(shares[first + (dense ? token : i)]);
            if (share == 0) continue; // the score may be −∞
            sum += share * double.CreateTruncating(scores[row + token]);
            mass += share;
        }

        return sum / mass;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(int frame, TensorMemory<T> from, TensorMemory<T> factors, TensorMemory<T> to)
    {
        bool streamed = !dense && TensorMemory<T>.IsStreamed((long)frames * labels.Length * tokens);
        T[] made = streamed ? ArrayPool<T>.Shared.Rent((int)tokens) : [];
        Array.Clear(made);
        for (int b = 0; b < labels.Length; b++)
        {
            long row = (((long)frame * labels.Length) + b) * tokens;
            ReadOnlySpan<int> own = frame < lengths[b] ? labels[b] : [];
            if (own.IsEmpty || (!dense && !streamed)) to.Slice(row, (int)tokens).Clear();
            if (own.IsEmpty) continue;
            long shares = Frame(b, frame);
            T factor = factors[b];
            int at = 0;
            if (dense)
            {
                for (; at + Vector256<T>.Count <= tokens; at += Vector256<T>.Count)
                {
                    (Vector256.LoadUnsafe(ref from[shares + at]) * factor).StoreUnsafe(ref to[row + at]);
                }

                for (; at < tokens; at++) to[row + at] = from[shares + at] * factor;
            }
            else if (streamed)
            {
                for (; at < own.Length; at++) made[own[at]] = from[shares + at] * factor;
                to.Stream(row, made.AsSpan(0, (int)tokens));
                foreach (int token in own) made[token] = T.Zero;
            }
            else
            {
                for (; at < own.Length; at++) to[row + own[at]] = from[shares + at] * factor;
            }
        }

        if (streamed) ArrayPool<T>.Shared.Return(made);
    }
}
