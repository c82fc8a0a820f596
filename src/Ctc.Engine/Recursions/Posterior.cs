namespace Ctc.Engine.Recursions;

/// <summary>How the posterior mass of a batch lies on the states and arcs of its lattice, found by a walk back over α.</summary>
/// <remarks>
/// The posterior of a state is split among its predecessors by what each contributed to its α. The shares are a softmax over the slots of the
/// state, so the mass of a frame is kept to rounding, and no second recursion, no β and no reversed lattice is needed. Made of torch
/// operations: differentiable where gradients are being recorded and α has one.
/// </remarks>
/// <param name="lattice">That of α.</param>
/// <param name="frames">[B] lengths.</param>
/// <param name="alphas">[T, B, S], T ≥ 1, of <see cref="TimeLoop"/>.</param>
/// <param name="mass">[B] what there is to share out in each utterance; by default 1.</param>
internal sealed class Posterior(Lattice lattice, Tensor frames, Tensor alphas, Tensor? mass = null)
{
    // Far below any sum of log-scores, and finite in float32. A column of nothing else has shares; its state has no mass to share out.
    private static readonly Scalar Lowest = -1e30;

    /// <summary>Gets [B, S] the mass in each state at the end of its utterance; 0 where no path explains the frames.</summary>
    public Tensor Last { get; } = Ends(lattice, frames, alphas, mass);

    /// <summary>Walks back from the last frame to the first.</summary>
    /// <returns>
    /// For each frame, the last first: [B, S] the mass in the states, and [K, B, S] the shares of the arcs that enter them, disposed when the walk
    /// goes on; null in the first frame.
    /// </returns>
    public IEnumerable<(Tensor States, Tensor? Arcs)> WalkBack()
    {
        Tensor[] byFrame = alphas.unbind(0), scores = lattice.Arcs.ScoresByFrame(byFrame.Length);
        HashSet<long> lengths = frames.numel() == 0 ? [] : [.. frames.cpu().data<long>().ToArray()];
        Tensor states = torch.zeros_like(Last);
        for (int t = byFrame.Length - 1; t >= 0; t--)
        {
            if (lengths.Contains(t + 1)) states = torch.where((frames == t + 1).unsqueeze(1), Last, states);
            using Tensor? arcs = t == 0 ? null : Shares(byFrame[t - 1], scores[t]);
            yield return (states, arcs);
            if (arcs is not null) states = Before(states, arcs);
        }
    }

    /// <summary>The mass in each state, frame by frame.</summary>
    /// <returns>[T, B, S]; 0 in padding.</returns>
    public Tensor States() => torch.stack(WalkBack().Select(step => step.States).Reverse());

    /// <summary>The same, and the mass that takes each arc.</summary>
    /// <returns>[T, B, S]; and [K, B, S] over all frames, or [T, K, B, S] by the frame entered where the arcs' scores depend on time.</returns>
    public (Tensor States, Tensor Arcs) StatesAndArcs()
    {
        Tensor scores = lattice.Arcs.Scores;
        bool timed = scores.dim() == 4;
        var states = new List<Tensor>();
        var byFrame = new List<Tensor>();
        Tensor none = torch.zeros_like(timed ? scores[0] : scores), total = none;
        foreach ((Tensor inFrame, Tensor? shares) in WalkBack())
        {
            states.Add(inFrame);
            Tensor taken = shares is null ? none : inFrame * shares;
            if (timed) byFrame.Add(taken);
            else total = total + taken;
        }

        states.Reverse();
        byFrame.Reverse();
        return (torch.stack(states), timed ? torch.stack(Enumerable.Range(0, (int)scores.shape[0]).Select(t => t < byFrame.Count ? byFrame[t] : none)) : total);
    }

    private Tensor Shares(Tensor alpha, Tensor scores)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return lattice.Arcs.Enter(alpha, scores).clamp(min: Lowest).softmax(0).DetachFromDisposeScope();
    }

    private Tensor Before(Tensor states, Tensor arcs)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return lattice.Arcs.Return(states * arcs).MoveToOuterDisposeScope();
    }

    private static Tensor Ends(Lattice lattice, Tensor frames, Tensor alphas, Tensor? mass)
    {
        Tensor shares = LogSemiring.Shares(TimeLoop.Ends(lattice, alphas, frames), 1);
        return mass is null ? shares : shares * mass.unsqueeze(1);
    }
}
