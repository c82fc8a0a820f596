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
    private readonly Lattice lattice;
    private readonly Tensor frames;
    private readonly Tensor? alphas;
    private readonly long[] shape;

    private ForwardPass(Lattice lattice, Tensor frames, long[] shape, Tensor? alphas, Tensor logLikelihood)
    {
        this.lattice = lattice;
        this.frames = frames;
        this.shape = shape;
        this.alphas = alphas;
        LogLikelihood = logLikelihood;
    }

    /// <summary>Gets [B] ln Z: −∞ where no path explains the frames, and then with gradient 0.</summary>
    public Tensor LogLikelihood { get; }

    /// <summary>Walks forward. All tensors belong to the caller's dispose scope.</summary>
    /// <param name="lattice">Of the type and on the device of the scores.</param>
    /// <param name="scores">[T, B, V]; padding may hold anything.</param>
    /// <param name="frames">[B] lengths of type int64, on the same device.</param>
    /// <param name="mask">[T, B], true in valid frames.</param>
    public static ForwardPass Run(Lattice lattice, Tensor scores, Tensor frames, Tensor mask)
    {
        if (scores.shape[0] == 0)
        {
            // The empty sum keeps the result tied to the scores, so that backward finds its (empty) way.
            return new ForwardPass(lattice, frames, scores.shape, null, lattice.Empty + scores.sum());
        }

        Tensor alphas = TimeLoop.Run(lattice, TimeLoop.Emissions(lattice, scores, mask), arcs => LogSemiring.Sum(arcs, 0));
        Tensor total = LogSemiring.Sum(TimeLoop.Ends(lattice, alphas, frames), 1);
        return new ForwardPass(lattice, frames, scores.shape, alphas, torch.where(frames == 0, lattice.Empty, total));
    }

    /// <summary>
    /// The occupancy γ. Walks back from the end: the posterior of a state is split among its predecessors by what each contributed to its α.
    /// </summary>
    /// <remarks>
    /// A share is a softmax over the slots of a state, so the mass of a frame is kept to rounding and no second recursion, no β and no
    /// reversed lattice is needed. Differentiable where gradients are being recorded.
    /// </remarks>
    /// <returns>[T, B, V]; 0 in padding and in utterances that no path explains.</returns>
    public Tensor Occupancy()
    {
        Tensor tokens = torch.zeros(shape, LogLikelihood.dtype, LogLikelihood.device);
        if (alphas is null) return tokens;

        Tensor[] alpha = alphas.unbind(0);
        Tensor atEnd = LogSemiring.Shares(TimeLoop.Ends(lattice, alphas, frames), 1);
        Tensor state = torch.zeros_like(atEnd);
        var states = new Tensor[alpha.Length];
        for (int t = alpha.Length - 1; t >= 0; t--)
        {
            state = torch.where((frames == t + 1).unsqueeze(1), atEnd, state);
            states[t] = state;
            if (t > 0) state = lattice.Arcs.Return(state * LogSemiring.Shares(lattice.Arcs.Enter(alpha[t - 1], t), 0));
        }

        Tensor labels = lattice.Labels.unsqueeze(0).expand(shape[0], -1, -1);
        return tokens.scatter_add(2, labels, torch.stack(states));
    }
}
