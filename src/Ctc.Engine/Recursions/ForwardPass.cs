using Ctc.Engine.Paths;
using Ctc.Engine.Recursions.Fused;

namespace Ctc.Engine.Recursions;

/// <summary>One walk through time in the log semiring: ln Z, and on request how the posterior mass is spread over the frames.</summary>
/// <remarks>
/// <para>
/// By torch operations, which have derivatives of any order on any device, or by the fused recursion where that can walk and nothing but ln Z is to have a gradient.
/// ∂ln Z/∂scores is the occupancy γ; nothing is assumed about the scores, which need not be normalised. What nobody asks for is not walked for.
/// </para>
/// <para>O(T·B·S·K) time, O(T·B·S) memory. Source: Graves et al., "Connectionist Temporal Classification", ICML 2006, section 4.1.</para>
/// </remarks>
internal sealed class ForwardPass
{
    private static readonly Scalar One = 1.0;

    private readonly Lattice lattice;
    private readonly Tensor scores;
    private readonly Tensor frames;
    private readonly bool logits, recorded;
    private readonly Lazy<Tensor> logLikelihood, recordedAlphas, constantAlphas;
    private Tensor? walked;
    private FusedPosterior? fused;

    private ForwardPass(Lattice lattice, Tensor scores, Tensor frames, RecursionKind kind, bool logits)
    {
        this.lattice = lattice;
        this.scores = scores;
        this.frames = frames;
        this.logits = logits;
        Kind = kind;
        recorded = IsRecorded(lattice, scores);
        logLikelihood = new(() =>
        {
            using var mode = torch.set_grad_enabled(recorded);
            return Walk();
        });
        recordedAlphas = new(() => LogPartition.Alphas(lattice, Emissions()));
        constantAlphas = new(() => walked ?? LogPartition.Alphas(lattice, Emissions()));
    }

    /// <summary>Gets [B] ln Z: −∞ where no path explains the frames, and then with gradient 0. Walked for when first asked for.</summary>
    public Tensor LogLikelihood => logLikelihood.Value;

    /// <summary>Gets who walks: fused or differentiable.</summary>
    public RecursionKind Kind { get; }

    private bool HasFrames => scores.shape[0] > 0;

    // Whether what is asked for now is to have a gradient.
    private bool Recording => recorded && torch.is_grad_enabled();

    /// <summary>Prepares the walk. All tensors belong to the dispose scope in which they are asked for.</summary>
    /// <param name="lattice">In any floating type, on any device; it is converted to those of the scores.</param>
    /// <param name="scores">[T, B, V]; padding may hold anything.</param>
    /// <param name="frames">[B] lengths of type int64, on the same device.</param>
    /// <param name="kind">Who is to walk.</param>
    /// <param name="logits">
    /// Whether the lattice reads the log-softmax of the scores. The fused recursion takes it along; elsewhere it comes first. ln Z depends on it, and nothing else.
    /// </param>
    /// <exception cref="NotSupportedException">The fused recursion is asked for and cannot be used.</exception>
    public static ForwardPass Run(Lattice lattice, Tensor scores, Tensor frames, RecursionKind kind, bool logits = false)
    {
        using (OneThread.For(scores.device)) lattice = lattice.Cast(scores.dtype, scores.device);
        kind = Choose(lattice, scores, kind);
        if (!logits || kind == RecursionKind.Fused) return new ForwardPass(lattice, scores, frames, kind, logits);
        return new ForwardPass(lattice, FrameMask.LogSoftmax(scores, FrameMask.Of(frames, scores.shape[0])), frames, kind, logits: false);
    }

    /// <summary>Whether what is computed of these has a gradient.</summary>
    public static bool IsRecorded(Lattice lattice, Tensor scores) =>
        torch.is_grad_enabled() && new[] { scores, lattice.Arcs.Scores, lattice.Initial, lattice.Final }.Any(input => input.requires_grad);

    /// <summary>Who walks where somebody is asked for.</summary>
    /// <returns>Fused or differentiable.</returns>
    /// <exception cref="NotSupportedException">The fused recursion is asked for and cannot be used.</exception>
    public static RecursionKind Choose(Lattice lattice, Tensor scores, RecursionKind asked)
    {
        if (asked == RecursionKind.Differentiable) return asked;
        if (FusedRecursion.Refusal(lattice, scores.dtype, scores.device) is not { } reason) return RecursionKind.Fused;
        return asked == RecursionKind.Auto
            ? RecursionKind.Differentiable
            : throw new NotSupportedException($"The fused recursion cannot be used, because {reason}; choose auto or differentiable.");
    }

    /// <summary>The occupancy γ: the posterior share of each token in each frame. Differentiable where gradients are being recorded.</summary>
    /// <returns>[T, B, V]; 0 in padding and in utterances that no path explains.</returns>
    public Tensor Occupancy()
    {
        if (!HasFrames) return torch.zeros_like(scores);
        if (Kind == RecursionKind.Differentiable || Recording) return TimeLoop.OfTokens(lattice, Posterior().States(), scores.shape[2]);

        fused ??= FusedRecursion.Run(lattice, scores, frames, posterior: true).Posterior!;
        return fused.Dense(fused.Shares, torch.ones_like(frames, scores.dtype));
    }

    /// <summary>How often each arc is taken, on average over the paths: ∂ln Z/∂(its score). Differentiable where gradients are being recorded.</summary>
    /// <returns>[K, B, S]; or [T, K, B, S] where the scores depend on time.</returns>
    public Tensor ArcExpectations()
    {
        if (!HasFrames) return torch.zeros_like(lattice.Arcs.Scores);
        if (Kind == RecursionKind.Differentiable || Recording) return Posterior().StatesAndArcs().Arcs;
        return FusedRecursion.Run(lattice, scores, frames, posterior: true, asked: _ => true).Posterior!.Expectations[0]!;
    }

    /// <summary>
    /// The entropy of the alignment, −Σ_π P(π) ln P(π) over the paths of the target: that of the last state, and of each choice on the way
    /// back to the first. Differentiable where gradients are being recorded.
    /// </summary>
    /// <returns>[B] in nats, 0 or more; 0 where one path explains all, or none does.</returns>
    public Tensor Entropy()
    {
        if (!HasFrames) return torch.zeros_like(frames, scores.dtype);
        if (Kind == RecursionKind.Fused && !Recording) return FusedEntropy.Of(lattice, scores, frames);
        Posterior posterior = Posterior();
        Tensor entropy = Surprise(posterior.Last).sum(1);
        foreach ((Tensor states, Tensor? arcs) in posterior.WalkBack())
        {
            if (arcs is not null) entropy = entropy + (states * Surprise(arcs).sum([0])).sum(1);
        }

        return torch.where(frames == 0, torch.zeros_like(entropy), entropy);
    }

    /// <summary>Draws paths from the posterior: the last state, then on the way back an arc into each state, by its share.</summary>
    /// <param name="chances">[T, B, k] uniform numbers in [0, 1), of type float64: one for each choice.</param>
    /// <returns>[T, B, k] states of type int64; −1 in padding and in utterances that no path explains.</returns>
    public Tensor Sample(Tensor chances)
    {
        if (!HasFrames) return torch.empty(chances.shape, torch.int64, chances.device);
        Tensor[] chance = chances.unbind(0);
        Posterior posterior = Posterior();
        Tensor last = Pick(posterior.Last.unsqueeze(1), chance[^1]), state = last; // [B, k]
        var states = new List<Tensor>();
        foreach ((_, Tensor? arcs) in posterior.WalkBack())
        {
            int t = chance.Length - 1 - states.Count;
            state = torch.where((frames == t + 1).unsqueeze(1), last, state);
            states.Add(state);
            if (arcs is null) break;
            Tensor ofStates = arcs.permute(1, 2, 0).gather(1, state.unsqueeze(2).expand(-1, -1, arcs.shape[0])); // [B, k, K]
            state = lattice.Arcs.Source(state, Pick(ofStates, chance[t - 1])).clamp(min: 0); // below 0 only behind the end
        }

        Tensor outside = FrameMask.Of(frames, chance.Length).logical_not().logical_or(LogLikelihood.isneginf()).unsqueeze(2);
        return torch.stack(states.AsEnumerable().Reverse()).masked_fill(outside, StatePath.None);
    }

    /// <summary>Chooses by share: the first choice at which the running sum exceeds chance · total. A share of 0 is never chosen.</summary>
    /// <param name="shares">[B, k, n] or [B, 1, n].</param>
    /// <param name="chance">[B, k] in [0, 1).</param>
    /// <returns>[B, k] in [0, n).</returns>
    private static Tensor Pick(Tensor shares, Tensor chance)
    {
        Tensor running = shares.to(chance.dtype).cumsum(2);
        Tensor total = running.narrow(2, running.shape[2] - 1, 1);
        return (running <= chance.unsqueeze(2) * total).sum(2).clamp(max: running.shape[2] - 1);
    }

    // −p ln p, which is 0 at 0.
    private static Tensor Surprise(Tensor shares) => -shares * shares.masked_fill(shares == 0, One).log();

    private Posterior Posterior() => new(lattice, frames, (Recording ? recordedAlphas : constantAlphas).Value);

    private Tensor Emissions() => TimeLoop.Emissions(lattice, scores, FrameMask.Of(frames, scores.shape[0]));

    private Tensor Walk()
    {
        // The empty sum keeps the result tied to the scores, so that backward finds its (empty) way.
        if (!HasFrames) return lattice.Empty + scores.sum();

        Tensor total;
        if (Kind == RecursionKind.Fused) (total, fused) = FusedPartition.Of(lattice, scores, frames, logits);
        else (total, walked) = LogPartition.Of(lattice, Emissions(), frames);
        return torch.where(frames == 0, lattice.Empty, total);
    }
}
