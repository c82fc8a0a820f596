using Ctc.Engine.Recursions;

namespace Ctc.Engine.Objectives;

/// <summary>How an objective, or one of its heads, evaluates a batch.</summary>
/// <param name="parts">The parts.</param>
internal sealed class EvaluationSettings(ObjectiveParts parts)
{
    /// <summary>Gets the parts.</summary>
    public ObjectiveParts Parts { get; } = parts;

    /// <summary>Gets the recursion to use.</summary>
    /// <value>By default the fastest that supports the lattices.</value>
    public RecursionKind Recursion { get; init; } = RecursionKind.Auto;

    /// <summary>Gets the memory that a recursion may need on the CPU, in bytes.</summary>
    /// <value>By default the memory of the machine.</value>
    public long? MemoryLimit { get; init; }

    /// <summary>Gets the reduction of the losses.</summary>
    public Reduction Reduction { get; init; }

    /// <summary>Gets how logits are computed from hidden states.</summary>
    public LogitsKind Logits { get; init; }

    /// <summary>Gets the beginning of the places of the parts, such as <c>heads-middle-</c>; empty for the objective itself.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Gets the stream of the encoder that is read; null for its logits.</summary>
    public string? Stream { get; init; }

    /// <summary>Returns the place of a part, such as <c>auxiliary-minimum-risk</c>: its name among modules, and the purpose of its draws.</summary>
    /// <param name="part">One of the parts, or a decoder.</param>
    /// <returns>A name that no other part has.</returns>
    public string PlaceOf(IPart part) => Prefix + Parts.PlaceOf(part);

    /// <summary>Opens a batch.</summary>
    /// <param name="output">Logits [T, B, V] and streams. Padding may hold anything.</param>
    /// <param name="batch">Targets and lengths; a stream may have other lengths.</param>
    /// <param name="kind">The kind of the logits, if they are read.</param>
    /// <param name="calls">Calls the parts.</param>
    /// <exception cref="ArgumentException">There is no such stream, or output and batch do not fit each other.</exception>
    public BatchReading Open(EncoderOutput output, Batch batch, InputKind kind, PartCalls calls)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(batch);
        if (Stream is null)
        {
            ModelOutput model = output.Linear is null ? new(output.Logits, batch, kind, output.Streams) : new(output, batch);
            return new BatchReading(this, model, batch, calls);
        }

        Batch own = output.StreamFrames.TryGetValue(Stream, out IReadOnlyList<long>? frames) ? batch.WithFrames(frames) : batch;
        return new BatchReading(this, ModelOutput.FromStream(Stream, own, output.Streams), own, calls);
    }

    /// <summary>Prepares the posterior over the paths of a lattice.</summary>
    /// <param name="lattice">The lattice.</param>
    /// <param name="scores">[T, B, V].</param>
    /// <param name="frames">[B] lengths of type int64.</param>
    /// <param name="logits">Whether the scores are logits.</param>
    public LatticePosterior Posterior(Lattice lattice, Tensor scores, Tensor frames, bool logits = false) =>
        LatticePosterior.Create(lattice, scores, frames, Recursion, logits, MemoryLimit);

    /// <summary>Decides whether the loss is computed from hidden states in chunks.</summary>
    /// <param name="linear">Hidden states and the last layer; null if the encoder gives logits.</param>
    /// <param name="plan">The plan of the batch.</param>
    /// <exception cref="NotSupportedException">The kind is chunks, and they cannot be used.</exception>
    public bool TakesChunks(LinearOutput? linear, EvaluationPlan plan)
    {
        if (Logits == LogitsKind.Whole) return false;
        string? reason = linear is null ? "the encoder does not give its last layer" : plan.WhyNotInChunks;
        if (Logits == LogitsKind.Auto) return reason is null && MayTakeChunks(linear);
        return reason is null
            ? true
            : throw new NotSupportedException($"The logits cannot be computed in chunks, because {reason}; choose auto or whole.");
    }

    /// <summary>Returns whether hidden states are given, and chunks are chosen or the logits are many.</summary>
    /// <inheritdoc cref="TakesChunks"/>
    public bool MayTakeChunks(LinearOutput? linear) => Logits != LogitsKind.Whole && linear is not null
        && (Logits == LogitsKind.Chunks || linear.Hidden.shape[0] * linear.Hidden.shape[1] * linear.Weight.shape[0] >= EvaluationPlan.ManyLogits);

    /// <summary>Computes ln Z from hidden states in chunks, for the weights that are known.</summary>
    /// <param name="lattice">The lattice of the targets.</param>
    /// <param name="model">With hidden states.</param>
    /// <param name="batch">Targets and lengths.</param>
    /// <param name="calls">Calls the weightings.</param>
    public Tensor LikelihoodInChunks(Lattice lattice, ModelOutput model, Batch batch, PartCalls calls) => LinearLikelihood.Compute(
        lattice, model.Linear!, model.Lengths, Recursion, KnownWeights.Find(Parts.Weighting, batch, Reduction, calls), MemoryLimit);
}
