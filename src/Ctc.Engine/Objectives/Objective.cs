using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;

namespace Ctc.Engine.Objectives;

/// <summary>A loss composed of parts around one lattice. Without parts, plain CTC.</summary>
/// <remarks>
/// <para>How values combine, for each utterance:</para>
/// <code>
/// base  = L + Σ_t Σ_v (γ − ω_t γ')·y        γ, γ', ω without gradient: at γ' = γ, ω = 1 this is L to the last bit
/// loss  = Π base shares · Π weights · base + Σ auxiliary terms
/// </code>
/// <para>
/// The gradient of base with respect to the scores y is −ωγ': training goes towards the transformed targets. Weightings read L
/// and never base, which may be negative. Infeasible utterances follow the policy, applied last; their gradient is 0.
/// </para>
/// <para>
/// Parts that are modules are registered under their place and name, such as <c>emissions-label-prior</c>: <c>parameters()</c>, <c>state_dict()</c>
/// and <c>to()</c> reach them. Disposing the objective disposes its parts.
/// </para>
/// </remarks>
public sealed class Objective : torch.nn.Module
{
    /// <summary>
    /// The vocabulary size from which a loss that needs the likelihood alone is computed from logits in one pass. With fewer tokens the log-softmax
    /// costs little, and a part at its neutral setting is plain CTC to the last bit.
    /// </summary>
    public const long LargeVocabulary = EvaluationPlan.LargeVocabulary;

    private static readonly Scalar MinusOne = -1.0;

    private readonly ObjectiveParts parts;
    private readonly Reduction reduction;
    private readonly RecursionKind recursion;

    /// <summary>Composes a loss.</summary>
    /// <param name="parts">Disposed with the objective if they are disposable.</param>
    /// <param name="reduction">By default the mean over utterances.</param>
    /// <param name="infeasible">By default an error.</param>
    /// <param name="recursion">The recursion to use; by default the fastest that supports the lattices.</param>
    public Objective(
        ObjectiveParts parts,
        Reduction reduction = Reduction.MeanUtterance,
        InfeasiblePolicy infeasible = InfeasiblePolicy.Error,
        RecursionKind recursion = RecursionKind.Auto)
        : base(nameof(Objective))
    {
        ArgumentNullException.ThrowIfNull(parts);
        (this.parts, this.reduction, Infeasible, this.recursion) = (parts, reduction, infeasible, recursion);
        Modules = [.. parts.All.OfType<torch.nn.Module>()];
        foreach ((string name, torch.nn.Module module) in parts.NamedModules()) register_module(name, module);
    }

    /// <summary>Gets the rule by which targets are spread over frames.</summary>
    public ITopology Topology => parts.Topology;

    /// <summary>Gets the policy for utterances without alignment.</summary>
    public InfeasiblePolicy Infeasible { get; }

    /// <summary>
    /// Gets the parts that have parameters or state, in the order of the objective: what a checkpoint must hold beside the network.
    /// </summary>
    public IReadOnlyList<torch.nn.Module> Modules { get; }

    /// <summary>Gets the memory that a recursion may need on the CPU; more is a <see cref="LatticeTooLargeException"/>.</summary>
    /// <value>In bytes; by default the memory of the machine, or that of its container.</value>
    public long? MemoryLimit { get; init; }

    /// <summary>Returns what a batch needs, and by which recursion it is computed, without computing it.</summary>
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
        (Lattices lattices, Lattice numerator) = parts.Build(batch, new PartCalls(null));
        return EvaluationPlan.Create(parts, numerator, lattices.Denominator, kind, type, device ?? torch.CPU, recursion);
    }

    /// <summary>Passes the training set to the parts that learn from it. Call it before the first step and before a checkpoint is loaded.</summary>
    /// <param name="training">The training set; without targets where a trained model only reads.</param>
    public void Begin(TrainingSet training)
    {
        foreach (ITrainingObserver observer in parts.All.OfType<ITrainingObserver>())
        {
            new PartCalls(null).Make(observer, () => observer.Begin(training));
        }
    }

    /// <summary>Notifies the parts that learn from training of the end of an epoch.</summary>
    public void EndEpoch()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        foreach (ITrainingObserver observer in parts.All.OfType<ITrainingObserver>())
        {
            new PartCalls(scope).Make(observer, observer.EndEpoch);
        }
    }

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
        var shared = new BatchEvaluation(Open(output, batch, kind, calls), inOnePass: true);
        IReadOnlyList<int> outside = shared.Infeasible;
        if (outside.Count > 0 && Infeasible == InfeasiblePolicy.Error) throw new InfeasibleException(batch, outside, Topology);

        Tensor loss = Base(shared);
        foreach (ILossWeighting weighting in parts.Weighting)
        {
            loss = loss * calls.Make(weighting, () => weighting.Weigh(PartEvaluation.For(weighting, shared)));
        }

        double share = parts.Auxiliary.Aggregate(1.0, (product, term) => product * calls.Make(term, () => term.BaseShare(batch.Progress)));
        if (share != 1) loss = loss * torch.tensor(share, loss.dtype, loss.device);
        foreach (IAuxiliaryTerm term in parts.Auxiliary)
        {
            loss = loss + calls.Make(term, () => term.Evaluate(PartEvaluation.For(term, shared)));
        }

        loss = shared.WhereFeasible(loss);
        IReadOnlyList<int> without = Infeasible == InfeasiblePolicy.Drop ? outside : [];
        Tensor reduced = Reductions.Reduce(loss, batch, reduction, without);
        if (Infeasible == InfeasiblePolicy.Inf && outside.Count > 0)
        {
            loss = loss.masked_fill(shared.Feasible.logical_not(), double.PositiveInfinity);
            reduced = reduction == Reduction.None ? loss : reduced + double.PositiveInfinity;
        }

        if (batch.Progress.Training) Observe(shared, calls);
        return new ObjectiveResult(
            reduced.MoveToOuterDisposeScope(),
            (ReferenceEquals(loss, reduced) ? loss.alias() : loss).MoveToOuterDisposeScope(),
            outside,
            Reductions.Count(batch, reduction, without));
    }

    /// <summary>The quantities of a batch, for plots and measurements: likelihoods, occupancy without gradient, Viterbi path.</summary>
    /// <inheritdoc cref="Evaluate(Tensor, Batch, InputKind)"/>
    /// <returns>Quantities that are computed lazily. The tensors belong to the caller's dispose scope: open one.</returns>
    public BatchEvaluation Inspect(Tensor inputs, Batch batch, InputKind kind = InputKind.Logits) =>
        InspectAs(kind, new EncoderOutput(inputs), batch);

    /// <inheritdoc cref="Inspect(Tensor, Batch, InputKind)"/>
    /// <param name="output">Logits [T, B, V] and streams. Padding may hold anything.</param>
    /// <param name="batch">Targets and lengths.</param>
    public BatchEvaluation Inspect(EncoderOutput output, Batch batch) => InspectAs(InputKind.Logits, output, batch);

    private BatchEvaluation InspectAs(InputKind kind, EncoderOutput output, Batch batch) =>
        new(Open(output, batch, kind, new PartCalls(null)), inOnePass: false);

    /// <summary>Decodes a batch. The targets are not read: the decoder gets a batch without them.</summary>
    /// <param name="decoder">Reads what it declares in its needs.</param>
    /// <param name="output">Logits [T, B, V] and streams. Padding may hold anything.</param>
    /// <param name="batch">Lengths and vocabulary.</param>
    /// <returns>For each utterance at least one hypothesis, the best first.</returns>
    /// <exception cref="ArgumentException">Output and batch do not fit each other.</exception>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(IDecoder decoder, EncoderOutput output, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(batch);
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        BatchReading reading = Open(output, BatchReading.WithoutTargets(batch), InputKind.Logits, new PartCalls(null));
        return new PartCalls(scope).Make(decoder, () => decoder.Decode(PartEvaluation.For(decoder, reading)));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Modules are disposed by the base class.
            foreach (IDisposable part in parts.All.OfType<IDisposable>().Where(part => part is not torch.nn.Module)) part.Dispose();
        }

        base.Dispose(disposing);
    }

    private BatchReading Open(EncoderOutput output, Batch batch, InputKind kind, PartCalls calls)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(batch);
        var settings = new EvaluationSettings(parts) { Recursion = recursion, MemoryLimit = MemoryLimit };
        return new BatchReading(settings, new ModelOutput(output.Logits, batch, kind, output.Streams), batch, calls);
    }

    private void Observe(BatchEvaluation shared, PartCalls calls)
    {
        using var withoutGradient = torch.no_grad();
        foreach (IPart part in parts.All.Where(part => part is ITrainingObserver))
        {
            calls.Make(part, () => ((ITrainingObserver)part).Observe(PartEvaluation.For(part, shared)));
        }
    }

    private Tensor Base(BatchEvaluation shared)
    {
        if (parts.Targets.Count == 0) return shared.NegativeLogLikelihood;

        Tensor difference;
        using (torch.no_grad())
        {
            difference = torch.addcmul(shared.Occupancy, shared.Targets.Weights.unsqueeze(2), shared.Targets.Shares, MinusOne);
        }

        Tensor expected = (difference * shared.Scores).sum(-1);
        if (expected.isnan().any().item<bool>()) expected = Evaluation.Expectation(difference, shared.Scores); // 0·(−∞): rare, and more expensive
        return shared.NegativeLogLikelihood + shared.SumFrames(expected);
    }
}
