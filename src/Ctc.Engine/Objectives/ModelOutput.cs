using Ctc.Engine.Frames;

namespace Ctc.Engine.Objectives;

/// <summary>The output of a model for a batch, before any part of an objective: log-probabilities, scores and streams.</summary>
internal sealed class ModelOutput
{
    private readonly Lazy<(Tensor LogProbs, Tensor Scores)> read;
    private readonly Lazy<Tensor> inputs;
    private readonly IReadOnlyDictionary<string, Tensor> streams;
    private readonly Dictionary<string, Lazy<Tensor>> ofStreams = [];
    private readonly double rounding;
    private readonly bool recording = torch.is_grad_enabled();

    /// <param name="inputs">[T, B, V] of any floating type; padding may hold anything.</param>
    /// <param name="batch">Lengths and vocabulary.</param>
    /// <param name="kind">The kind of the inputs.</param>
    /// <param name="streams">The streams of the encoder by name.</param>
    /// <param name="stream">The stream that the inputs are; null for the logits of the encoder.</param>
    /// <exception cref="ArgumentException">Inputs and batch do not fit each other.</exception>
    public ModelOutput(Tensor inputs, Batch batch, InputKind kind, IReadOnlyDictionary<string, Tensor> streams, string? stream = null)
        : this(inputs, inputs.dim() == 3 ? inputs.shape[2] : 0, () => inputs, batch, kind, streams, stream)
    {
    }

    /// <summary>Keeps hidden states and the last layer. The logits are computed when they are first read.</summary>
    /// <inheritdoc cref="ModelOutput(Tensor, Batch, InputKind, IReadOnlyDictionary{string, Tensor}, string?)"/>
    /// <param name="output">With <see cref="EncoderOutput.Linear"/>.</param>
    /// <param name="batch">Lengths and vocabulary.</param>
    public ModelOutput(EncoderOutput output, Batch batch)
        : this(output.Linear!.Hidden, output.Linear.Weight.shape[0], () => output.Logits, batch, InputKind.Logits, output.Streams, null)
    {
        (LinearOutput given, Tensor? bias) = (output.Linear, output.Linear.Bias);
        Linear = new LinearOutput(InFullPrecision(given.Hidden), InFullPrecision(given.Weight), bias is null ? null : InFullPrecision(bias));
    }

    private ModelOutput(
        Tensor sized,
        long tokens,
        Func<Tensor> inputs,
        Batch batch,
        InputKind kind,
        IReadOnlyDictionary<string, Tensor> streams,
        string? stream)
    {
        FrameMask.Check(sized, batch.Frames, nameof(inputs));
        if (tokens != batch.Tokens)
        {
            string what = stream is null ? "The inputs have" : $"The stream '{stream}' has";
            throw new ArgumentException($"{what} {tokens} tokens; expected {batch.Tokens}, as in the batch.", nameof(inputs));
        }

        (Kind, this.streams, rounding, Device) = (kind, streams, RoundingOf(sized.dtype), sized.device);
        Type = FullPrecision(sized.dtype);
        this.inputs = Later.Compute(recording, () => InFullPrecision(inputs()));
        Lengths = FrameMask.Lengths(batch.Frames, Device);
        Mask = FrameMask.Create(Lengths, sized.shape[0]);
        long total = sized.shape[0];
        PaddingMask = batch.Frames.Any(frames => frames < total) ? Mask : null;
        read = Later.Compute(recording, () => Read(Inputs, kind, PaddingMask));
    }

    /// <summary>Gets [T, B, V] the inputs, of type float32 or float64; padding may hold anything.</summary>
    public Tensor Inputs => inputs.Value;

    /// <summary>Gets the type of the inputs, float32 or float64.</summary>
    public torch.ScalarType Type { get; }

    /// <summary>Gets the device of the inputs.</summary>
    public torch.Device Device { get; }

    /// <summary>Gets the hidden states and the last layer of an encoder that gives them; else null.</summary>
    public LinearOutput? Linear { get; }

    /// <summary>Gets the kind of the inputs.</summary>
    public InputKind Kind { get; }

    /// <summary>Gets [B] the lengths, of type int64, on the device of the inputs.</summary>
    public Tensor Lengths { get; }

    /// <summary>Gets [T, B] booleans, true in the frames that are not padding.</summary>
    public Tensor Mask { get; }

    /// <summary>Gets <see cref="Mask"/>; null if there is no padding, so that nothing has to be masked.</summary>
    public Tensor? PaddingMask { get; }

    /// <summary>Gets [T, B, V] the normalised log-probabilities in nats, uniform in padding.</summary>
    public Tensor LogProbs => read.Value.LogProbs;

    /// <summary>Gets [T, B, V] the scores that the lattice reads before any transform; the log-probabilities themselves if they are equal.</summary>
    public Tensor Scores => read.Value.Scores;

    /// <summary>Gets the streams by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Streams => streams;

    /// <summary>The output of a model on a stream of logits.</summary>
    /// <param name="stream">The name of the stream.</param>
    /// <param name="batch">Its lengths, and the vocabulary.</param>
    /// <param name="streams">The streams of the encoder by name.</param>
    /// <exception cref="ArgumentException">There is no such stream, or it does not fit the batch.</exception>
    public static ModelOutput FromStream(string stream, Batch batch, IReadOnlyDictionary<string, Tensor> streams) =>
        new(Find(stream, streams), batch, InputKind.Logits, streams, stream);

    /// <inheritdoc cref="Reading.Stream"/>
    public Tensor Stream(string name) => Find(name, streams);

    private static Tensor Find(string name, IReadOnlyDictionary<string, Tensor> streams) => streams.TryGetValue(name, out Tensor? stream)
        ? stream
        : throw new ArgumentException(
            streams.Count == 0
                ? $"The encoder has no stream '{name}': it has none besides its logits."
                : $"The encoder has no stream '{name}'; expected {string.Join(" or ", streams.Keys)}.",
            nameof(name));

    /// <inheritdoc cref="Reading.LogProbsOf"/>
    public Tensor LogProbsOf(string stream)
    {
        Tensor logits = Stream(stream);
        if (!logits.shape.SequenceEqual(Inputs.shape))
        {
            string found = string.Join(", ", logits.shape), expected = string.Join(", ", Inputs.shape);
            throw new ArgumentException($"The stream '{stream}' has shape [{found}]; expected [{expected}], that of the logits.", nameof(stream));
        }

        if (!ofStreams.TryGetValue(stream, out Lazy<Tensor>? logProbs))
        {
            ofStreams[stream] = logProbs = Later.Compute(recording, () => Read(InFullPrecision(logits), InputKind.Logits, PaddingMask).LogProbs);
        }

        return logProbs.Value;
    }

    /// <summary>Determines where scores are normalised.</summary>
    /// <param name="scores">[T, B, V].</param>
    /// <returns>[B], true where the scores of each frame are log-probabilities that sum to 1, up to rounding.</returns>
    public Tensor AreNormalised(Tensor scores)
    {
        using var withoutGradient = torch.no_grad();
        Tensor sums = scores.detach().to(torch.float64).logsumexp(2).abs(); // [T, B]
        using Scalar most = rounding;
        return sums.le(most).logical_or(Mask.logical_not()).all(0);
    }

    // float16 and bfloat16 are too coarse for sums over paths.
    private static Tensor InFullPrecision(Tensor inputs) =>
        inputs.dtype == FullPrecision(inputs.dtype) ? inputs : inputs.to(FullPrecision(inputs.dtype));

    /// <summary>Returns the type in which inputs of a type are computed.</summary>
    public static torch.ScalarType FullPrecision(torch.ScalarType type) =>
        type is torch.ScalarType.Float64 ? type : torch.ScalarType.Float32;

    // A few roundings of the log-probabilities of a frame; of whatever type they were computed in.
    private static double RoundingOf(torch.ScalarType type) => 64 * type switch
    {
        torch.ScalarType.BFloat16 => Math.ScaleB(1, -7),
        torch.ScalarType.Float16 => Math.ScaleB(1, -10),
        torch.ScalarType.Float32 => Math.ScaleB(1, -23),
        _ => Math.ScaleB(1, -52),
    };

    private static (Tensor LogProbs, Tensor Scores) Read(Tensor inputs, InputKind kind, Tensor? mask)
    {
        switch (kind)
        {
            case InputKind.Logits:
                return FrameMask.LogProbsAndScores(inputs, mask);
            case InputKind.LogProbs:
                using (Scalar uniform = -Math.Log(inputs.shape[2]))
                {
                    Tensor given = FrameMask.Valid(inputs.alias(), mask, uniform); // a handle that belongs to the caller's scope
                    return (given, given);
                }

            case InputKind.Scores:
                return (FrameMask.LogProbsAndScores(inputs, mask).LogProbs, FrameMask.Valid(inputs.alias(), mask));
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }
}
