using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Memory;

namespace Ctc.Engine.Recursions.Transducer;

/// <summary>The recursion of one utterance, diagonal by diagonal, in the logarithmic domain and double precision; eight places at a time.</summary>
/// <remarks>
/// Row n holds the places (t, u) with t + u = n, by u. All places of a row follow from the row before, so that they can be computed together. A place
/// outside the utterance has arcs of −∞. Not safe for several threads; its memory is reused for the next utterance.
/// </remarks>
internal sealed class DiagonalPass : IDisposable
{
    private static readonly int Lanes = Vector512<double>.Count;

    private int frames, length, stride;
    private double[] blanks = [], tokens = [], alphas = [];

    private int Rows => frames + length;

    /// <summary>Begins an utterance, whose arcs are all −∞.</summary>
    /// <param name="frames">N.</param>
    /// <param name="length">U.</param>
    public void Start(int frames, int length)
    {
        (this.frames, this.length) = (frames, length);
        stride = ((length + Lanes) / Lanes * Lanes) + Lanes; // behind the last place there is room for one vector
        int size = checked(((Rows + 1) * stride) + Lanes);
        if (blanks.Length < size)
        {
            Dispose();
            (blanks, tokens, alphas) = (Rent(size), Rent(size), Rent(size));
        }

        foreach (double[] numbers in (ReadOnlySpan<double[]>)[blanks, tokens, alphas]) numbers.AsSpan(0, size).Fill(double.NegativeInfinity);
    }

    /// <summary>Sets the scores of the two arcs from a place.</summary>
    public void Set(int t, int u, double blank, double token)
    {
        int at = At(t + u) + u;
        if (t < frames - 1 || u == length) blanks[at] = blank; // after the last frame nothing but the end follows
        tokens[at] = token;
    }

    /// <summary>Computes α of all places.</summary>
    /// <returns>ln Z; NaN where a score is NaN or +∞.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Forward()
    {
        if (frames == 0) return length == 0 ? 0 : double.NegativeInfinity;
        alphas[At(0)] = 0;
        ref double alpha = ref MemoryMarshal.GetArrayDataReference(alphas);
        ref double blank = ref MemoryMarshal.GetArrayDataReference(blanks), token = ref MemoryMarshal.GetArrayDataReference(tokens);
        for (int n = 1; n < Rows; n++)
        {
            (int first, int last) = Places(n);
            for (int u = first; u <= last; u += Lanes)
            {
                int from = At(n - 1) + u;
                Vector512<double> stay = Load(ref alpha, from) + Load(ref blank, from);
                Vector512<double> advance = Load(ref alpha, from - 1) + Load(ref token, from - 1);
                Sum(stay, advance).StoreUnsafe(ref Unsafe.Add(ref alpha, from + stride));
            }
        }

        int end = At(Rows - 1) + length;
        double total = alphas[end] + blanks[end];
        return double.IsPositiveInfinity(total) ? double.NaN : total;
    }

    /// <summary>Computes the shares of all arcs; after <see cref="Forward"/>.</summary>
    /// <param name="likelihood">ln Z, not −∞.</param>
    /// <param name="start">The index of the place (0, 0) in the outputs.</param>
    /// <param name="columns">The places of a frame in the outputs.</param>
    /// <param name="toBlanks">Receives the shares of blanks.</param>
    /// <param name="toTokens">Receives the shares of tokens.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(double likelihood, long start, int columns, TensorMemory<double> toBlanks, TensorMemory<double> toTokens)
    {
        // β replaces α, row by row from the last. The row behind the last holds the end.
        ref double alpha = ref MemoryMarshal.GetArrayDataReference(alphas), beta = ref alpha;
        ref double blank = ref MemoryMarshal.GetArrayDataReference(blanks), token = ref MemoryMarshal.GetArrayDataReference(tokens);
        Vector512<double> total = Vector512.Create(likelihood);
        Span<double> ofBlanks = stackalloc double[Lanes], ofTokens = stackalloc double[Lanes];
        alphas[At(Rows) + length] = 0;
        for (int n = Rows - 1; n >= 0; n--)
        {
            (int first, int last) = Places(n);
            for (int u = first; u <= last; u += Lanes)
            {
                int at = At(n) + u;
                Vector512<double> own = Load(ref alpha, at);
                Vector512<double> stay = Load(ref blank, at) + Load(ref beta, at + stride);
                Vector512<double> advance = Load(ref token, at) + Load(ref beta, at + stride + 1);
                Vector512.Exp(own + stay - total).CopyTo(ofBlanks);
                Vector512.Exp(own + advance - total).CopyTo(ofTokens);
                Sum(stay, advance).StoreUnsafe(ref Unsafe.Add(ref beta, at));
                for (int lane = 0; lane < Lanes && u + lane <= last; lane++)
                {
                    int t = n - u - lane;
                    if (t < 0 || t >= frames) continue;
                    long place = start + ((long)t * columns) + u + lane;
                    (toBlanks[place], toTokens[place]) = (ofBlanks[lane], ofTokens[lane]);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (double[] numbers in (ReadOnlySpan<double[]>)[blanks, tokens, alphas])
        {
            if (numbers.Length > 0) ArrayPool<double>.Shared.Return(numbers);
        }

        blanks = tokens = alphas = [];
    }

    private static double[] Rent(int size) => ArrayPool<double>.Shared.Rent(size);

    private static Vector512<double> Load(ref double first, int index) => Vector512.LoadUnsafe(ref Unsafe.Add(ref first, index));

    // ln(e^x + e^y); −∞ if both are. NaN if one is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Sum(Vector512<double> x, Vector512<double> y)
    {
        Vector512<double> larger = Vector512.Max(x, y), smaller = Vector512.Min(x, y);
        Vector512<double> ratio = Vector512.Exp(smaller - Vector512.MaxNative(larger, Vector512.Create(double.MinValue)));
        return larger + Vector512.Log(Vector512<double>.One + ratio);
    }

    // One number before the first row is read.
    private int At(int row) => (row * stride) + Lanes;

    // The vectors of a row that hold places: the first is a multiple of the lanes.
    private (int First, int Last) Places(int row) => (Math.Max(0, row - frames + 1) / Lanes * Lanes, Math.Min(row, length));
}
