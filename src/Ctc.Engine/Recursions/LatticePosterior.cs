using Ctc.Engine.Frames;
using Ctc.Engine.Recursions.Autograd;
using Ctc.Engine.Recursions.Differentiable;
using Ctc.Engine.Recursions.Fused;
using Ctc.Engine.Recursions.Fused.Results;
using Ctc.Engine.Recursions.Labels;

namespace Ctc.Engine.Recursions;

/// <summary>The posterior over the paths of a batch of lattices: its normaliser ln Z, and how its mass is distributed over tokens and arcs.</summary>
/// <remarks>
/// <para>
/// Everything is computed lazily: ln Z by the first caller, a posterior quantity by each call. ∂ln Z/∂scores is the occupancy γ. Scores need not
/// be normalised.
/// </para>
/// <para>
/// The fused recursion computes ln Z and every quantity; a quantity that has a gradient, where arcs lead between any states, the differentiable one.
/// All tensors belong to the dispose scope in which they are computed.
/// </para>
/// <para>O(T·B·S·K) time, O(T·B·S) memory. Source: Graves et al., "Connectionist Temporal Classification", ICML 2006, section 4.1.</para>
/// </remarks>
internal sealed class LatticePosterior
{
    private readonly Lattice lattice;
    private readonly Tensor scores;
    private readonly Tensor frames;
    private readonly bool recorded;
    private readonly RecursionMemory memory;
    private readonly LabelScores? read; // null if labels are tokens and scores no logits: the recursions read these themselves
    private readonly Lazy<Tensor> logLikelihood, recordedAlphas, constantAlphas;
    private bool isChecked;
    private Tensor? alphas; // left by the differentiable recursion when it computed ln Z
    private FusedPosterior? fused; // left by the fused recursion when it computed ln Z for a gradient

    private LatticePosterior(
        Lattice lattice, Tensor scores, Tensor frames, RecursionKind kind, RecursionMemory memory, LabelScores? read = null)
    {
        this.memory = memory;
        this.read = read;
        this.lattice = lattice;
        this.scores = scores;
        this.frames = frames;
        Kind = kind;
        recorded = FusedLogPartition.IsRecorded(lattice, scores);
        logLikelihood = new(ComputeLogLikelihood);
        recordedAlphas = new(ComputeAlphas);
        constantAlphas = new(() => alphas ?? ComputeAlphas());
    }

    /// <summary>Gets ln Z. It has a gradient if gradients were being recorded at the construction.</summary>
    /// <value>[B]; −∞ with gradient 0 where no path explains the frames.</value>
    public Tensor LogLikelihood => logLikelihood.Value;

    /// <summary>Gets the recursion used: fused or differentiable.</summary>
    public RecursionKind Kind { get; }

    private bool HasFrames => scores.shape[0] > 0;

    // Whether a quantity computed now is to have a gradient.
    private bool Recording => recorded && torch.is_grad_enabled();

    // Whether the fused recursion computes a quantity now.
    private bool ByFused => Kind == RecursionKind.Fused && (!Recording || FusedRecursion.TakesInFull(lattice));

    /// <summary>
    /// Prepares the computation: no recursion is run yet. Nothing is checked yet either, unless classes or logits are read.
    /// </summary>
    /// <param name="lattice">Of any floating type, on any device; it is converted to those of the scores.</param>
    /// <param name="scores">[T, B, V]; padding may hold anything.</param>
    /// <param name="frames">[B] lengths of type int64, on the same device.</param>
    /// <param name="kind">The recursion to use.</param>
    /// <param name="logits">
    /// Whether the scores are logits, of which the lattice reads the log-softmax; beside the fused recursion only of the labels that it has.
    /// </param>
    /// <param name="memoryLimit">The bytes that a recursion may need; by default the memory of the machine.</param>
    /// <exception cref="NotSupportedException">The kind is fused, and the fused recursion cannot be used.</exception>
    public static LatticePosterior Create(
        Lattice lattice, Tensor scores, Tensor frames, RecursionKind kind, bool logits = false, long? memoryLimit = null)
    {
        using (OneThread.For(scores.device)) lattice = lattice.Cast(scores.dtype, scores.device);
        kind = Recursion.Resolve(scores, kind);
        var memory = new RecursionMemory(lattice, scores, frames, memoryLimit);
        if (logits && kind == RecursionKind.Differentiable)
        {
            (scores, logits) = (FrameMask.LogSoftmax(scores, FrameMask.Create(frames, scores.shape[0])), false);
        }

        if (lattice.Classes is null && !logits) return new LatticePosterior(lattice, scores, frames, kind, memory);
        LatticeCheck.Check(lattice, scores, frames);
        if (kind == RecursionKind.Differentiable) memory.CheckClasses();
        var read = LabelScores.Create(lattice, scores, frames, kind == RecursionKind.Fused, logits);
        return new LatticePosterior(read.Lattice, read.Scores, frames, kind, memory, read);
    }

    /// <summary>Computes the occupancy γ: the posterior share of each token in each frame. Differentiable if gradients are being recorded.</summary>
    /// <returns>[T, B, V]; 0 in padding and in utterances that no path explains.</returns>
    public Tensor Occupancy()
    {
        CheckInputs();
        Tensor byLabel = HasFrames ? OccupancyByLabel() : torch.zeros_like(scores);
        return read is null ? byLabel : read.ByToken(byLabel, Recording);
    }

    /// <summary>Computes the posterior share of each state in each frame. Differentiable if gradients are being recorded.</summary>
    /// <returns>[T, B, S]; 0 in padding and in utterances that no path explains.</returns>
    public Tensor States()
    {
        CheckInputs();
        if (!HasFrames) return torch.zeros([0, .. lattice.Labels.shape], scores.dtype, scores.device);
        CheckMemory();
        if (!ByFused) return ByTorch().States();
        return Recording
            ? OccupancyNode.OfStates(lattice, scores, frames)
            : FusedStates.States(lattice, scores, frames);
    }

    /// <summary>Computes the posterior share of each arc by the frame that it enters. Differentiable if gradients are being recorded.</summary>
    /// <returns>[T, K, B, S]; 0 in row 0, in padding and in utterances that no path explains.</returns>
    public Tensor ArcsByFrame()
    {
        CheckInputs();
        Tensor arcs = lattice.Arcs.Scores;
        long total = scores.shape[0];
        if (!HasFrames) return torch.zeros([0, .. arcs.shape[^3..]], scores.dtype, scores.device);
        CheckMemory();
        Tensor byFrame = arcs.dim() == 4 ? arcs : arcs.unsqueeze(0).expand(total, -1, -1, -1);
        Lattice timed = lattice.WithArcs(lattice.Arcs.WithScores(byFrame));
        Tensor shares = ByFused ? FusedArcs(timed) : new DifferentiablePosterior(timed, frames, Alphas).StatesAndArcs().Arcs;
        long rows = Math.Min(shares.shape[0], total);
        Tensor read = shares.narrow(0, 0, rows);
        return rows == total ? read : torch.cat([read, torch.zeros([total - rows, .. arcs.shape[^3..]], read.dtype, read.device)]);
    }

    /// <summary>
    /// Computes how often each arc is taken, on average over the paths: the gradient of ln Z with respect to its score. Differentiable if gradients
    /// are being recorded.
    /// </summary>
    /// <returns>[K, B, S]; or [T, K, B, S] if the arc scores depend on time.</returns>
    public Tensor ArcExpectations()
    {
        CheckInputs();
        if (!HasFrames) return torch.zeros_like(lattice.Arcs.Scores);
        CheckMemory();
        return ByFused ? FusedArcs(lattice) : ByTorch().StatesAndArcs().Arcs;
    }

    /// <summary>Computes the entropy of the alignment, −Σ_π P(π) ln P(π). Differentiable if gradients are being recorded.</summary>
    /// <remarks>A path is a state for each frame: which token of a class is read does not count.</remarks>
    /// <returns>[B] in nats, 0 or more; 0 where there is one path or none.</returns>
    public Tensor Entropy()
    {
        CheckInputs();
        if (!HasFrames) return torch.zeros_like(frames, scores.dtype);
        CheckMemory();
        if (!ByFused) return DifferentiableEntropy.Compute(ByTorch(), frames);
        return Recording ? EntropyNode.Compute(lattice, scores, frames) : FusedEntropy.Compute(lattice, scores, frames);
    }

    private Tensor FusedArcs(Lattice own) =>
        Recording ? OccupancyNode.OfArcs(own, scores, frames) : FusedStates.Arcs(own, scores, frames);

    private Tensor OccupancyByLabel()
    {
        CheckMemory();
        if (!ByFused) return TimeLoop.SumByToken(lattice, ByTorch().States(), scores.shape[2]);
        if (Recording) return OccupancyNode.OfTokens(lattice, scores, frames);
        fused ??= FusedRecursion.Run(lattice, scores, frames, posterior: true).Posterior!;
        return fused.Dense(fused.Shares, torch.ones_like(frames, scores.dtype));
    }

    // In the grad mode of the construction, not in that of the first caller.
    private Tensor ComputeLogLikelihood()
    {
        CheckInputs();
        using var mode = torch.set_grad_enabled(recorded);
        // The empty sum joins the result to the scores, so that a backward pass reaches them.
        if (!HasFrames) return lattice.Empty.Plus(scores.sum());

        if (Kind == RecursionKind.Fused) memory.CheckFused(posterior: recorded);
        else memory.CheckDifferentiable(recorded: false);
        Tensor logZ;
        if (Kind == RecursionKind.Fused) (logZ, fused) = FusedLogPartition.Compute(lattice, scores, frames);
        else (logZ, alphas) = DifferentiableLogPartition.Compute(lattice, Emissions(), frames);
        return torch.where(frames.eq(Scalars.Zero), lattice.Empty, logZ);
    }

    private void CheckInputs()
    {
        if (!isChecked) LatticeCheck.Check(lattice, scores, frames);
        isChecked = true;
    }

    private void CheckMemory()
    {
        if (ByFused) memory.CheckFused(posterior: true, covariances: Recording);
        else memory.CheckDifferentiable(Recording);
    }

    private Tensor Alphas => (Recording ? recordedAlphas : constantAlphas).Value;

    private DifferentiablePosterior ByTorch() => new(lattice, frames, Alphas);

    private Tensor ComputeAlphas() => DifferentiableRecursion.Alphas(lattice, Emissions());

    private Tensor Emissions() => TimeLoop.Emissions(lattice, scores, FrameMask.Create(frames, scores.shape[0]));
}
