namespace Ctc.Engine.Recursions.Linear;

/// <summary>
/// A pass over the rows of hidden states in valid frames, some rows at a time: the logits of these rows in one buffer, their log-softmax at the
/// labels of an utterance, and the gradients through the softmax. Nothing of T·B·V numbers exists.
/// </summary>
/// <remarks>
/// <para>
/// For the loss Σ_b −w_b·ln Z_b the gradient with respect to the logits of a row is w_b·(p − γ). The term w_b·p needs no recursion: the products of
/// p with the weight and with the hidden states are made while the row is in the buffer. γ has few columns, and is added after the recursion.
/// </para>
/// <para>Three matrix products of T·B × V × H, as with a tensor of logits; two of them only where gradients are wanted.</para>
/// </remarks>
internal abstract class LinearPass
{
    private const long Rows = 256; // in the buffer, if V is not very large

    private const long FewestRows = 32, BufferBytes = 1L << 26;

    /// <summary>Gets the B lengths.</summary>
    protected long[] Lengths { get; }

    /// <summary>Gets the tokens that each utterance reads, each once.</summary>
    protected int[][] Tokens { get; }

    /// <summary>Gets the largest number of <see cref="Tokens"/>: R.</summary>
    protected int Width { get; }

    private protected LinearPass(long[] lengths, int[][] tokens, int width) => (Lengths, Tokens, Width) = (lengths, tokens, width);

    /// <summary>Prepares a pass.</summary>
    /// <param name="output">Contiguous, on the CPU, of type float32 or float64.</param>
    /// <param name="lengths">[B] of type int64.</param>
    /// <param name="labels">[B, R], as of <see cref="Labels.DistinctLabels"/>: all tokens.</param>
    /// <param name="rowsAtATime">The rows in the buffer; by default few enough for 64 MB.</param>
    public static LinearPass Create(LinearOutput output, Tensor lengths, Tensor labels, int? rowsAtATime = null)
    {
        (int batch, int width) = ((int)labels.shape[0], (int)labels.shape[1]);
        long[] frames = [.. lengths.data<long>()], all = labels.numel() == 0 ? [] : [.. labels.contiguous().data<long>()];
        int[][] tokens = [.. Enumerable.Range(0, batch).Select(b => Own(all.AsSpan(b * width, width)))];
        bool isDouble = output.Hidden.dtype == torch.float64;
        long fitting = BufferBytes / Math.Max(1, output.Weight.shape[0] * (isDouble ? sizeof(double) : sizeof(float)));
        int rows = rowsAtATime ?? (int)Math.Clamp(fitting, FewestRows, Rows);
        return isDouble ? new LinearPass<double>(output, frames, tokens, width, rows) : new LinearPass<float>(output, frames, tokens, width, rows);
    }

    /// <summary>Reads the log-softmax at the labels, and if wanted computes the gradients of Σ_b Σ_t −w_b·ln Σ exp.</summary>
    /// <param name="output">The inputs.</param>
    /// <param name="weights">The B weights; null if no gradients are wanted.</param>
    /// <param name="gradients">Zeros; receives Σ w_b·p times the weight and times the hidden states, and itself.</param>
    /// <returns>[T, B, R]; 0 in padding.</returns>
    public abstract Tensor Read(LinearOutput output, double[]? weights, LinearGradients? gradients);

    /// <summary>Computes the gradients of <see cref="Read"/> again, for other weights.</summary>
    /// <param name="output">The inputs, in new handles.</param>
    /// <param name="weights">The B weights.</param>
    /// <param name="gradients">Zeros.</param>
    public abstract void AddSoftmax(LinearOutput output, double[] weights, LinearGradients gradients);

    /// <summary>Adds the gradients of the scores of labels.</summary>
    /// <param name="output">The inputs, in new handles.</param>
    /// <param name="byLabel">[T, B, R] the gradients with respect to the logits of the labels.</param>
    /// <param name="gradients">To which they are added.</param>
    public abstract void AddLabels(LinearOutput output, Tensor byLabel, LinearGradients gradients);

    // The first label is repeated in padding.
    private static int[] Own(ReadOnlySpan<long> labels)
    {
        int count = labels.Length;
        while (count > 1 && labels[count - 1] == labels[0]) count--;
        var own = new int[count];
        for (int i = 0; i < count; i++) own[i] = checked((int)labels[i]);
        return own;
    }
}
