namespace Ctc.Engine.Recursions.Differentiable;

/// <summary>The posterior of the states and arcs of a batch of lattices, computed from α by a pass from the last frame to the first.</summary>
/// <remarks>
/// The posterior of a state is split among its predecessors by their contributions to its α. The shares are a softmax over the slots of the
/// state, so the mass of a frame is preserved up to rounding, and no second recursion, no β and no reversed lattice is needed. All are torch
/// operations: differentiable if gradients are being recorded and α has one.
/// </remarks>
/// <param name="lattice">The lattice of α.</param>
/// <param name="frames">[B] lengths.</param>
/// <param name="alphas">[T, B, S], T ≥ 1, α in the log semiring, from <see cref="TimeLoop.Run"/>.</param>
/// <param name="mass">[B] the mass of each utterance; by default 1.</param>
internal sealed class DifferentiablePosterior(Lattice lattice, Tensor frames, Tensor alphas, Tensor? mass = null)
{
    // Far below any sum of log-scores, and finite in float32. Without a finite term the shares of a state are arbitrary; its mass is 0.
    private static readonly Scalar Lowest = -1e30;

    /// <summary>Gets the mass of each state at the end of its utterance.</summary>
    /// <value>[B, S]; 0 where no path explains the frames.</value>
    public Tensor Last { get; } = Ends(lattice, frames, alphas, mass);

    /// <summary>Computes the masses from the last frame to the first.</summary>
    /// <returns>
    /// For each frame, the last first: [B, S] the mass of the states, and [K, B, S] the shares of the arcs that enter them; null in the first
    /// frame. The shares are disposed when the enumeration continues.
    /// </returns>
    public IEnumerable<(Tensor States, Tensor? Arcs)> Backward()
    {
        Tensor[] byFrame = alphas.unbind(0), scores = lattice.Arcs.ScoresByFrame(byFrame.Length);
        HashSet<long> lengths = frames.numel() == 0 ? [] : [.. frames.cpu().data<long>().ToArray()];
        Tensor states = torch.zeros_like(Last);
        for (int t = byFrame.Length - 1; t >= 0; t--)
        {
            if (lengths.Contains(t + 1)) states = torch.where(frames.Is(t + 1).unsqueeze(1), Last, states);
            using Tensor? arcs = t == 0 ? null : Shares(lattice.Arcs, byFrame[t - 1], scores[t]);
            yield return (states, arcs);
            if (arcs is not null) states = Before(states, arcs);
        }
    }

    /// <summary>Computes the mass of each state in each frame.</summary>
    /// <returns>[T, B, S]; 0 in padding.</returns>
    public Tensor States() => torch.stack(Backward().Select(step => step.States).Reverse());

    /// <summary>Computes the mass of each state in each frame, and that of each arc.</summary>
    /// <returns>
    /// [T, B, S]; and [K, B, S] over all frames, or [T, K, B, S] by the frame entered if the arc scores depend on time.
    /// </returns>
    public (Tensor States, Tensor Arcs) StatesAndArcs()
    {
        Tensor scores = lattice.Arcs.Scores;
        bool timed = scores.dim() == 4;
        var states = new List<Tensor>();
        var byFrame = new List<Tensor>();
        Tensor none = torch.zeros_like(timed ? scores[0] : scores), total = none;
        foreach ((Tensor inFrame, Tensor? shares) in Backward())
        {
            states.Add(inFrame);
            Tensor taken = shares is null ? none : inFrame * shares;
            if (timed) byFrame.Add(taken);
            else total = total.Plus(taken);
        }

        states.Reverse();
        byFrame.Reverse();
        IEnumerable<Tensor> padded = Enumerable.Range(0, timed ? (int)scores.shape[0] : 0).Select(t => t < byFrame.Count ? byFrame[t] : none);
        return (torch.stack(states), timed ? torch.stack(padded) : total);
    }

    /// <summary>Computes the shares of the arcs into each state.</summary>
    /// <param name="arcs">The arcs.</param>
    /// <param name="alpha">[B, S] α of the frame before.</param>
    /// <param name="scores">[K, B, S] the arc scores.</param>
    /// <returns>[K, B, S], in no dispose scope; arbitrary where no arc enters.</returns>
    public static Tensor Shares(Arcs arcs, Tensor alpha, Tensor scores)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return arcs.Enter(alpha, scores).clamp(min: Lowest).softmax(0).DetachFromDisposeScope();
    }

    private Tensor Before(Tensor states, Tensor arcs)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return lattice.Arcs.AddToSources(states * arcs).MoveToOuterDisposeScope();
    }

    private static Tensor Ends(Lattice lattice, Tensor frames, Tensor alphas, Tensor? mass)
    {
        Tensor shares = LogSemiring.Shares(TimeLoop.Ends(lattice, alphas, frames), 1);
        return mass is null ? shares : shares * mass.unsqueeze(1);
    }
}
