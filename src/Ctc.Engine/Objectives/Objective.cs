using Ctc.Engine.Decoding;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Transducers;

namespace Ctc.Engine.Objectives;

/// <summary>A loss composed of parts around one lattice. Without parts, plain CTC.</summary>
/// <remarks>
/// <para>How values combine, for each utterance:</para>
/// <code>
/// base  = L + Σ_t Σ_v (γ − ω_t γ')·y        γ, γ', ω without gradient: at γ' = γ, ω = 1 this is L to the last bit
/// loss  = Π base shares · Π weights · base + Σ auxiliary terms
/// total = weight · loss + Σ_heads weight · loss of the head
/// </code>
/// <para>
/// The gradient of base with respect to the scores y is −ωγ': training goes towards the transformed targets. Weightings read L
/// and never base, which may be negative. Infeasible utterances follow the policy, applied last; their gradient is 0.
/// </para>
/// <para>
/// A head is the same formula with parts of its own over a stream of the encoder; the total is reduced once. Under the policy error an utterance
/// must have an alignment in the objective and in every head. Under zero and drop it contributes 0 to a head in which it has none; drop excludes it
/// everywhere where it has none in the objective itself. Under inf its loss is +∞ if it has none in a place whose weight is not 0.
/// </para>
/// <para>
/// Parts that are modules are registered under their place and name, such as <c>emissions-label-prior</c>: <c>parameters()</c>, <c>state_dict()</c>
/// and <c>to()</c> reach them; those of heads under <c>heads-</c>, the head and the same. Disposing the objective disposes its parts.
/// </para>
/// </remarks>
public sealed class Objective : torch.nn.Module
{
    /// <summary>
    /// The vocabulary size from which a loss that needs the likelihood alone is computed from logits in one pass. With fewer tokens the log-softmax
    /// costs little, and a part at its neutral setting is plain CTC to the last bit.
    /// </summary>
    public const long LargeVocabulary = EvaluationPlan.LargeVocabulary;

    /// <summary>
    /// The number of logits of a batch, T·B·V, from which <see cref="LogitsKind.Auto"/> computes them in chunks: a gigabyte in float32.
    /// </summary>
    public const long ManyLogits = EvaluationPlan.ManyLogits;

    private readonly ObjectiveParts parts;
    private readonly Reduction reduction;
    private readonly RecursionKind recursion;
    private readonly Schedule weight;
    private readonly IReadOnlyList<(string Name, ObjectiveHead Head)> heads;

    /// <summary>Composes a loss.</summary>
    /// <param name="parts">Disposed with the objective if they are disposable.</param>
    /// <param name="reduction">By default the mean over utterances.</param>
    /// <param name="infeasible">By default an error.</param>
    /// <param name="recursion">The recursion to use; by default the fastest that supports the lattices.</param>
    /// <param name="heads">Objectives on streams of the encoder; by default none.</param>
    /// <param name="weight">The factor on the loss of the parts, beside those of the heads; by default 1.</param>
    public Objective(
        ObjectiveParts parts,
        Reduction reduction = Reduction.MeanUtterance,
        InfeasiblePolicy infeasible = InfeasiblePolicy.Error,
        RecursionKind recursion = RecursionKind.Auto,
        IReadOnlyList<ObjectiveHead>? heads = null,
        Schedule? weight = null)
        : base(nameof(Objective))
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (TransducerFit.FindFault(parts, heads ?? []) is { } fault) throw new ArgumentException(fault, nameof(parts));
        (this.parts, this.reduction, Infeasible, this.recursion, this.weight) = (parts, reduction, infeasible, recursion, weight ?? 1);
        this.heads = [.. ObjectiveHead.Names((heads ?? []).Select(head => head.Stream)).Zip(heads ?? [])];
        Modules = [.. EveryPart.OfType<torch.nn.Module>()];
        foreach ((string name, torch.nn.Module module) in parts.NamedModules()) register_module(name, module);
        foreach ((string head, ObjectiveHead of) in this.heads)
        {
            foreach ((string name, torch.nn.Module module) in of.Parts.NamedModules()) register_module(Prefix(head) + name, module);
        }
    }

    /// <summary>Gets the rule by which targets are spread over frames.</summary>
    public ITopology Topology => parts.Topology;

    /// <summary>Gets whether the topology is a transducer, whose scores depend on the tokens before.</summary>
    public bool IsTransducer => parts.Transducer is not null;

    /// <summary>Gets the language model that decoders may read; null if there is none.</summary>
    public ILanguageModel? LanguageModel => parts.LanguageModel;

    /// <summary>Gets the policy for utterances without alignment.</summary>
    public InfeasiblePolicy Infeasible { get; }

    /// <summary>
    /// Gets the parts that have parameters or state, in the order of the objective: what a checkpoint must hold beside the network.
    /// </summary>
    public IReadOnlyList<torch.nn.Module> Modules { get; }

    /// <summary>Gets the names of the heads: those of their streams; the second head on one stream ends in -2.</summary>
    public IReadOnlyList<string> Heads => [.. heads.Select(head => head.Name)];

    /// <summary>Gets the heads by their names.</summary>
    public IReadOnlyDictionary<string, ObjectiveHead> HeadsByName => heads.ToDictionary(head => head.Name, head => head.Head);

    private IEnumerable<IPart> EveryPart => [.. parts.All, .. heads.SelectMany(head => head.Head.Parts.All)];

    /// <summary>Gets the memory that a recursion may need on the CPU; more is a <see cref="LatticeTooLargeException"/>.</summary>
    /// <value>In bytes; by default the memory of the machine, or that of its container.</value>
    public long? MemoryLimit { get; init; }

    /// <summary>Gets how logits are computed where the encoder gives hidden states and its last layer.</summary>
    /// <value>By default in chunks if a batch has at least <see cref="ManyLogits"/> of them and nothing else reads them.</value>
    public LogitsKind Logits { get; init; }

    /// <summary>Returns the number of numbers that an encoder must give in each frame.</summary>
    /// <param name="vocabulary">The tokens, those that the topology adds included.</param>
    /// <returns>The size of the vocabulary, or the width of the joint network of a transducer.</returns>
    public long FindWidth(Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        return parts.Transducer?.Width ?? vocabulary.Size;
    }

    /// <summary>Returns whether the loss of a batch is computed from hidden states in chunks, so that nothing computes its logits.</summary>
    /// <param name="output">The output of an encoder.</param>
    /// <param name="batch">Targets and lengths.</param>
    /// <exception cref="NotSupportedException">The kind is chunks, and they cannot be used.</exception>
    public bool TakesChunks(EncoderOutput output, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (IsTransducer) return false; // its joint network has chunks of its own
        EvaluationSettings settings = Place();
        // Lattices are built where the answer depends on them.
        if (Logits != LogitsKind.Chunks && !settings.MayTakeChunks(output.Linear)) return false;
        Tensor sized = output.Linear?.Hidden ?? output.Logits;
        return settings.TakesChunks(output.Linear, Plan(batch, ModelOutput.FullPrecision(sized.dtype), sized.device));
    }

    /// <summary>Returns what a batch needs, in the objective and in each head, and by which recursion it is computed, without computing it.</summary>
    /// <param name="batch">Targets and lengths; the lattices of one topology have the same kind of arcs for all batches.</param>
    /// <param name="type">Of the inputs; by default float32.</param>
    /// <param name="device">Of the inputs; by default the CPU.</param>
    /// <param name="kind">Of the inputs; by default logits.</param>
    /// <returns>The plan.</returns>
    public EvaluationPlan Plan(
        Batch batch, torch.ScalarType type = torch.ScalarType.Float32, torch.Device? device = null, InputKind kind = InputKind.Logits)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        return Of(parts, kind, heads.ToDictionary(head => head.Name, head => Of(head.Head.Parts, InputKind.Logits)));

        EvaluationPlan Of(ObjectiveParts place, InputKind read, Dictionary<string, EvaluationPlan>? ofHeads = null)
        {
            (Lattices lattices, Lattice numerator) = place.Build(batch, new PartCalls(null), type, torch.CPU);
            return EvaluationPlan.Create(place, numerator, lattices.Denominator, read, type, device ?? torch.CPU, recursion, batch, ofHeads);
        }
    }

    /// <summary>Passes the training set to the parts that learn from it. Call it before the first step and before a checkpoint is loaded.</summary>
    /// <param name="training">The training set; without targets where a trained model only reads.</param>
    /// <param name="streamFrames">The lengths of streams that have other frames than the logits, by name; by default none.</param>
    public void Begin(TrainingSet training, IReadOnlyDictionary<string, IReadOnlyList<long>>? streamFrames = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        TrainingObservers.Begin(parts.All, training);
        foreach ((_, ObjectiveHead head) in heads)
        {
            IReadOnlyList<long> frames = streamFrames?.GetValueOrDefault(head.Stream) ?? training.Frames;
            TrainingObservers.Begin(head.Parts.All, new TrainingSet(training.Targets, frames, training.Vocabulary));
        }
    }

    /// <summary>Notifies the parts that learn from training of the end of an epoch.</summary>
    public void EndEpoch() => TrainingObservers.EndEpoch(EveryPart);

    /// <summary>
    /// The loss of a batch, connected to autograd. Parts that learn from training observe the batch if its progress is that of training.
    /// </summary>
    /// <param name="inputs">[T, B, V] the output of the model; float16 and bfloat16 are computed in float32. Padding may hold anything.</param>
    /// <param name="batch">Targets and lengths.</param>
    /// <param name="kind">The kind of the inputs; by default logits.</param>
    /// <returns>The loss. Its tensors belong to the caller, or to the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">
    /// Inputs and batch do not fit each other, the inputs are whole or complex numbers, or a lattice of the topology has a token outside [0, V).
    /// </exception>
    /// <exception cref="LatticeTooLargeException">A recursion needs more memory than <see cref="MemoryLimit"/>.</exception>
    /// <exception cref="InfeasibleException">An utterance has no alignment and the policy is <see cref="InfeasiblePolicy.Error"/>.</exception>
    public ObjectiveResult Evaluate(Tensor inputs, Batch batch, InputKind kind = InputKind.Logits) =>
        EvaluateAs(kind, new EncoderOutput(inputs), batch);

    /// <inheritdoc cref="Evaluate(Tensor, Batch, InputKind)"/>
    /// <param name="output">Logits [T, B, V] and streams; float16 and bfloat16 are computed in float32. Padding may hold anything.</param>
    /// <param name="batch">Targets and lengths.</param>
    public ObjectiveResult Evaluate(EncoderOutput output, Batch batch) => EvaluateAs(InputKind.Logits, output, batch);

    private ObjectiveResult EvaluateAs(InputKind kind, EncoderOutput output, Batch batch)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var calls = new PartCalls(scope);
        ObjectiveEvaluation shared = IsTransducer
            ? EvaluateTransducer(output, batch, kind)
            : new BatchEvaluation(Place().Open(output, batch, kind, calls), forLoss: true);
        BatchReading[] readings = [.. heads.Select(head => Place(head.Name, head.Head).Open(output, batch, InputKind.Logits, calls))];
        BatchEvaluation[] ofHeads = [.. readings.Select(reading => new BatchEvaluation(reading, forLoss: true))];
        ObjectiveResult result = new TotalLoss(weight, heads, reduction, Infeasible).Compute(shared, ofHeads, calls);
        if (batch.Progress.Training)
        {
            foreach (ObjectiveEvaluation evaluation in ofHeads.Prepend(shared)) TrainingObservers.Observe(evaluation, calls);
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="Evaluate(Tensor, Batch, InputKind)"/>
    /// <returns>Quantities that are computed lazily. The tensors belong to the caller's dispose scope: open one.</returns>
    public BatchEvaluation Inspect(Tensor inputs, Batch batch, InputKind kind = InputKind.Logits) =>
        InspectAs(kind, new EncoderOutput(inputs), batch);

    /// <inheritdoc cref="Inspect(Tensor, Batch, InputKind)"/>
    /// <param name="output">Logits [T, B, V] and streams. Padding may hold anything.</param>
    /// <param name="batch">Targets and lengths.</param>
    public BatchEvaluation Inspect(EncoderOutput output, Batch batch) => InspectAs(InputKind.Logits, output, batch);

    private BatchEvaluation InspectAs(InputKind kind, EncoderOutput output, Batch batch) => IsTransducer
        ? throw new InvalidOperationException("The topology is a transducer, which has no lattice of frames; expected InspectTransducer.")
        : new(Place().Open(output, batch, kind, new PartCalls(null)), forLoss: false);

    /// <summary>The quantities of a batch of a transducer, for plots and measurements.</summary>
    /// <inheritdoc cref="Inspect(EncoderOutput, Batch)"/>
    /// <exception cref="InvalidOperationException">The topology is no transducer.</exception>
    public TransducerEvaluation InspectTransducer(EncoderOutput output, Batch batch) => IsTransducer
        ? EvaluateTransducer(output, batch, InputKind.Logits)
        : throw new InvalidOperationException("The topology is no transducer; expected Inspect.");

    private TransducerEvaluation EvaluateTransducer(EncoderOutput output, Batch batch, InputKind kind)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(batch);
        if (kind != InputKind.Logits) throw new ArgumentException($"The inputs are {kind}; expected the output of an encoder.", nameof(kind));
        TransducerTopology transducer = parts.Transducer!;
        return new TransducerEvaluation(
            Place(), transducer.Join(output.Logits, batch), batch, transducer.FastEmitAt(batch.Progress), transducer.IsMonotonic);
    }

    /// <summary>The quantities of a batch in each head, for plots and measurements.</summary>
    /// <inheritdoc cref="Inspect(EncoderOutput, Batch)"/>
    /// <returns>By the name of the head.</returns>
    public IReadOnlyDictionary<string, BatchEvaluation> InspectHeads(EncoderOutput output, Batch batch) => heads.ToDictionary(
        head => head.Name, head => InspectHead(head.Name, output, batch));

    /// <summary>The quantities of a batch in one head.</summary>
    /// <inheritdoc cref="Inspect(EncoderOutput, Batch)"/>
    /// <param name="head">The name of the head.</param>
    /// <param name="output">The stream of the head; other streams and the logits are not read.</param>
    /// <param name="batch">Targets and lengths.</param>
    /// <exception cref="KeyNotFoundException">There is no such head.</exception>
    public BatchEvaluation InspectHead(string head, EncoderOutput output, Batch batch) =>
        new(Place(head, HeadsByName[head]).Open(output, batch, InputKind.Logits, new PartCalls(null)), forLoss: false);

    /// <summary>The scores that paths have: log-probabilities, after the emission transforms. No lattice is built.</summary>
    /// <param name="output">Logits [T, B, V] and streams. Padding may hold anything.</param>
    /// <param name="batch">Lengths and vocabulary.</param>
    /// <param name="head">The name of a head; null, the default, for the objective itself, which must be no transducer.</param>
    /// <returns>[T, B, V], in the caller's dispose scope.</returns>
    /// <exception cref="KeyNotFoundException">There is no such head.</exception>
    public Tensor ScoreFrames(EncoderOutput output, Batch batch, string? head = null) =>
        (head is null ? Place() : Place(head, HeadsByName[head])).Open(output, batch, InputKind.Logits, new PartCalls(null)).Scores;

    /// <summary>Decodes a batch. The targets are not read: the decoder gets a batch without them.</summary>
    /// <param name="output">Logits [T, B, V] and streams. Padding may hold anything.</param>
    /// <param name="batch">Lengths and vocabulary.</param>
    /// <param name="decoder">Reads what it declares in its needs; by default that of the parts.</param>
    /// <param name="transformed">Whether the emission transforms are applied first; by default the model's own output is decoded.</param>
    /// <returns>For each utterance at least one hypothesis, the best first.</returns>
    /// <exception cref="ArgumentException">Output and batch do not fit each other.</exception>
    /// <exception cref="PartException">An utterance has no hypothesis, or one with a token that is none of targets.</exception>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(EncoderOutput output, Batch batch, IDecoder? decoder = null, bool transformed = false)
    {
        ArgumentNullException.ThrowIfNull(batch);
        decoder ??= parts.Decoder;
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        Batch blind = BatchReading.WithoutTargets(batch);
        IReadOnlyList<IReadOnlyList<Hypothesis>> read = new PartCalls(scope).Make(decoder, () => parts.Transducer is { } transducer
            ? TransducerFit.ForTransducer(decoder).Decode(transducer.Open(output.Logits, blind, parts.LanguageModel))
            : decoder.Decode(PartEvaluation.For(decoder, OpenForDecoding(output, blind, transformed))));
        return HypothesisCheck.FindFault(read, batch) is { } fault ? throw new PartException(PartCalls.Name(decoder), fault) : read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Modules are disposed by the base class.
            foreach (IDisposable part in EveryPart.OfType<IDisposable>().Where(part => part is not torch.nn.Module)) part.Dispose();
        }

        base.Dispose(disposing);
    }

    private static string Prefix(string head) => $"heads-{head}-";

    // Transformed scores are normalised in each frame: all paths of an utterance lose the same.
    private BatchReading OpenForDecoding(EncoderOutput output, Batch batch, bool transformed)
    {
        BatchReading reading = Place().Open(output, batch, InputKind.Logits, new PartCalls(null));
        if (!transformed || parts.Emissions.Count == 0) return reading;
        var model = new ModelOutput(reading.Scores, batch, InputKind.Logits, output.Streams);
        return new BatchReading(Place(new ObjectiveParts(parts) { Emissions = [] }), model, batch, new PartCalls(null));
    }

    private EvaluationSettings Place() => Place(parts);

    // A head reads a stream, which is logits.
    private EvaluationSettings Place(string name, ObjectiveHead head) => Place(head.Parts, Prefix(name), head.Stream);

    private EvaluationSettings Place(ObjectiveParts of, string prefix = "", string? stream = null) => new(of)
    {
        Recursion = recursion,
        MemoryLimit = MemoryLimit,
        Prefix = prefix,
        Stream = stream,
        Reduction = reduction,
        Logits = ReferenceEquals(of, parts) ? Logits : LogitsKind.Whole,
    };
}
