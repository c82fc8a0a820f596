namespace Ctc;

/// <summary>A network over padded batches. Padding must not change the logits of the frames before it.</summary>
/// <remarks><c>forward(features, frames)</c>: [T, B, F] features and [B] lengths of type int64 on the CPU are mapped to [T', B, V] logits.</remarks>
public abstract class Encoder : torch.nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Creates a network with a name.</summary>
    /// <param name="name">The name of the module.</param>
    protected Encoder(string name)
        : base(name)
    {
    }

    /// <summary>Gets the streams that <see cref="Read"/> returns besides the logits.</summary>
    /// <value>None by default. Known as soon as the network is built: what reads a stream is checked against them before the first step.</value>
    public virtual IReadOnlyList<StreamShape> Streams => [];

    /// <summary>Maps a batch to logits and streams. By default to the logits of <c>forward</c> alone.</summary>
    /// <param name="features">[T, B, F] features.</param>
    /// <param name="frames">[B] lengths of type int64, on the CPU.</param>
    /// <returns>Logits, and a tensor for each of <see cref="Streams"/>.</returns>
    public virtual EncoderOutput Read(Tensor features, Tensor frames) => new(forward(features, frames));

    /// <summary>The number of output frames for a number of input frames. By default equal.</summary>
    /// <param name="frames">The number of input frames.</param>
    /// <returns>The number of output frames.</returns>
    public virtual long OutputFrames(long frames) => frames;

    /// <summary>The number of frames of a stream for a number of input frames. By default that of the output.</summary>
    /// <param name="stream">The name of a stream.</param>
    /// <param name="frames">The number of input frames.</param>
    /// <returns>The number of frames of the stream.</returns>
    public virtual long StreamFrames(string stream, long frames) => OutputFrames(frames);
}

/// <summary>A further output of an encoder, such as that of a layer in the middle.</summary>
/// <param name="name">Its name in experiments and reports.</param>
/// <param name="width">The number of features in a frame; null, the default, for logits over the vocabulary.</param>
public sealed class StreamShape(string name, long? width = null)
{
    /// <summary>Gets its name in experiments and reports.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the number of features in a frame; null for logits over the vocabulary, on which a head can be.</summary>
    public long? Width { get; } = width;
}

/// <summary>The output of an encoder for a batch.</summary>
public sealed class EncoderOutput
{
    private readonly bool recording = torch.is_grad_enabled();
    private Tensor? logits;

    /// <summary>Creates an output of logits.</summary>
    /// <param name="logits">[T', B, V].</param>
    public EncoderOutput(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        this.logits = logits;
    }

    /// <summary>
    /// Creates an output of hidden states and the linear layer that ends the network: an objective that needs no tensor of all logits computes none.
    /// </summary>
    /// <param name="linear">[T', B, H] hidden states, and the layer to V logits.</param>
    public EncoderOutput(LinearOutput linear)
    {
        ArgumentNullException.ThrowIfNull(linear);
        Linear = linear;
    }

    /// <summary>Gets the hidden states and the last layer.</summary>
    /// <value>Null if the encoder gives logits alone.</value>
    public LinearOutput? Linear { get; }

    /// <summary>Gets [T', B, V] the logits.</summary>
    /// <value>
    /// Of a linear layer they are computed by the first reader, in its dispose scope, and again after the end of that scope; with a gradient if one
    /// was being recorded when the output was created.
    /// </value>
    public Tensor Logits
    {
        get
        {
            if (Linear is null || logits is { IsInvalid: false }) return logits!;
            using var mode = torch.set_grad_enabled(recording);
            return logits = Linear.ComputeLogits();
        }
    }

    /// <summary>Gets the streams by name: [T″, B, V] logits, or [T″, B, width] features.</summary>
    /// <value>None by default.</value>
    public IReadOnlyDictionary<string, Tensor> Streams { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>Gets the B lengths of streams that have other frames than the logits, by name.</summary>
    /// <value>None by default: the lengths are those of the batch. Training finds them by <see cref="Encoder.StreamFrames"/>.</value>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> StreamFrames { get; init; } = new Dictionary<string, IReadOnlyList<long>>();
}
