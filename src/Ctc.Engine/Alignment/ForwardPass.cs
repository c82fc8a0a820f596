using Ctc.Engine.Alignment.Fused;

namespace Ctc.Engine.Alignment;

/// <summary>One walk through time in the log semiring: ln Z, and on request how the posterior mass is spread over the frames.</summary>
/// <remarks>
/// <para>
/// Made of torch operations only, so it has derivatives of any order, on any device, in float32 and float64. ∂ln Z/∂scores is the occupancy γ;
/// nothing is assumed about the scores, which need not be normalised.
/// </para>
/// <para>O(T·B·S·K) time, O(T·B·S) memory. Source: Graves et al., "Connectionist Temporal Classification", ICML 2006, section 4.1.</para>
/// </remarks>
internal sealed class ForwardPass
{
    private static readonly Scalar One = 1.0;

    private readonly Lattice lattice;
    private readonly Tensor scores;
    private readonly Tensor frames;
    private readonly Func<Tensor>? alphas;
    private FusedPosterior? fused;

    private ForwardPass(Lattice lattice, Tensor scores, Tensor frames, Tensor logLikelihood, Func<Tensor>? alphas, RecursionKind kind, FusedPosterior? fused = null)
    {
        this.lattice = lattice;
        this.scores = scores;
        this.frames = frames;
        this.alphas = alphas;
        this.fused = fused;
        LogLikelihood = logLikelihood;
        Kind = kind;
    }

    /// <summary>Gets [B] ln Z: −∞ where no path explains the frames, and then with gradient 0.</summary>
    public Tensor LogLikelihood { get; }

    /// <summary>Gets who walked: fused or differentiable.</summary>
    public RecursionKind Kind { get; }

    /// <summary>Walks forward. All tensors belong to the caller's dispose scope.</summary>
    /// <param name="lattice">In any floating type, on any device; it is converted to those of the scores.</param>
    /// <param name="scores">[T, B, V]; padding may hold anything.</param>
    /// <param name="frames">[B] lengths of type int64, on the same device.</param>
    /// <param name="kind">Who is to walk.</param>
    /// <exception cref="NotSupportedException">The fused recursion is asked for and cannot be used.</exception>
    public static ForwardPass Run(Lattice lattice, Tensor scores, Tensor frames, RecursionKind kind)
    {
        using (OneThread.For(scores.device)) lattice = lattice.Cast(scores.dtype, scores.device);
        kind = Choose(lattice, scores, kind);
        if (scores.shape[0] == 0)
        {
            // The empty sum keeps the result tied to the scores, so that backward finds its (empty) way.
            return new ForwardPass(lattice, scores, frames, lattice.Empty + scores.sum(), null, kind);
        }

        Tensor Emissions() => TimeLoop.Emissions(lattice, scores, FrameMask.Of(frames, scores.shape[0]));
        Lazy<Tensor> Later() => new(() => LogPartition.Alphas(lattice, Emissions()));
        Lazy<Tensor> recorded = Later(), constant = Later();
        Tensor total;
        FusedPosterior? posterior = null;
        if (kind == RecursionKind.Fused)
        {
            (total, posterior) = FusedPartition.Of(lattice, scores, frames);
        }
        else
        {
            (total, Tensor walked) = LogPartition.Of(lattice, Emissions(), frames);
            constant = new(walked);
        }

        Tensor Alphas() => (torch.is_grad_enabled() && total.requires_grad ? recorded : constant).Value;
        return new ForwardPass(lattice, scores, frames, torch.where(frames == 0, lattice.Empty, total), Alphas, kind, posterior);
    }

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
        if (alphas is null) return torch.zeros_like(scores);
        bool recorded = torch.is_grad_enabled() && LogLikelihood.requires_grad;
        if (Kind == RecursionKind.Differentiable || recorded) return TimeLoop.OfTokens(lattice, Posterior(alphas).States(), scores.shape[2]);

        fused ??= FusedRecursion.Run(lattice, scores, frames, posterior: true).Posterior!;
        return fused.Dense(fused.Shares, torch.ones_like(LogLikelihood));
    }

    /// <summary>How often each arc is taken, on average over the paths: ∂ln Z/∂(its score). Differentiable where gradients are being recorded.</summary>
    /// <returns>[K, B, S]; or [T, K, B, S] where the scores depend on time.</returns>
    public Tensor ArcExpectations() => alphas is null ? torch.zeros_like(lattice.Arcs.Scores) : Posterior(alphas).StatesAndArcs().Arcs;

    /// <summary>
    /// The entropy of the alignment, −Σ_π P(π) ln P(π) over the paths of the target: that of the last state, and of each choice on the way
    /// back to the first. Differentiable where gradients are being recorded.
    /// </summary>
    /// <returns>[B] in nats, 0 or more; 0 where one path explains all, or none does.</returns>
    public Tensor Entropy()
    {
        if (alphas is null) return torch.zeros_like(LogLikelihood);
        Posterior posterior = Posterior(alphas);
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
        if (alphas is null) return torch.empty(chances.shape, torch.int64, chances.device);
        Tensor[] chance = chances.unbind(0);
        Posterior posterior = Posterior(alphas);
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

    private Posterior Posterior(Func<Tensor> alpha) => new(lattice, frames, alpha());
}
