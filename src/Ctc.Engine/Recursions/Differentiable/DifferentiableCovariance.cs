using Ctc.Engine.Frames;

namespace Ctc.Engine.Recursions.Differentiable;

/// <summary>The covariances of a value of paths with what they take, by torch operations, which have derivatives of any order.</summary>
/// <remarks>
/// With the mass γ of a state, the mean value a of the paths up to it, and the mean value of their rest times the mass, its covariance is
/// γ·(a − E) + rest. No division is needed.
/// </remarks>
internal static class DifferentiableCovariance
{
    /// <summary>Computes the covariances.</summary>
    /// <param name="lattice">Of the type and on the device of the scores.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <param name="values">The value of a path is its score under this lattice, which differs in scores only, and under ...</param>
    /// <param name="ofTokens">... these scores, [T, B, V]. −∞ counts as 0: no path takes it.</param>
    /// <returns>With respect to the scores, the arc scores, the initial and the final scores; null for those that do not require grad.</returns>
    public static Tensor?[] Compute(Lattice lattice, Tensor scores, Tensor frames, Lattice values, Tensor ofTokens)
    {
        Tensor mask = FrameMask.Create(frames, scores.shape[0]);
        Tensor emissions = TimeLoop.Emissions(lattice, scores, mask), alphas = DifferentiableRecursion.Alphas(lattice, emissions);
        Tensor[] ofStates = TimeLoop.Emissions(lattice, Finite(ofTokens), mask).unbind(0);
        Tensor[] byFrame = alphas.unbind(0), arcScores = lattice.Arcs.ScoresByFrame(byFrame.Length);
        Tensor[] ofArcs = values.Arcs.WithScores(Finite(values.Arcs.Scores)).ScoresByFrame(byFrame.Length);
        Tensor final = Finite(values.Final);

        var means = new List<Tensor> { ofStates[0].Plus(Finite(values.Initial)) };
        for (int t = 1; t < byFrame.Length; t++)
        {
            using Tensor shares = DifferentiablePosterior.Shares(lattice.Arcs, byFrame[t - 1], arcScores[t]);
            means.Add((shares * lattice.Arcs.AtSource(means[t - 1]).Plus(ofArcs[t])).sum([0]).Plus(ofStates[t]));
        }

        var posterior = new DifferentiablePosterior(lattice, frames, alphas);
        Tensor ends = TimeLoop.Ends(lattice.WithFinal(final), torch.stack(means), frames);
        Tensor mean = (posterior.Last * ends).sum(1, keepdim: true); // [B, 1]
        var states = new List<Tensor>();
        var arcs = new List<Tensor>();
        Tensor rest = torch.zeros_like(final);
        int frame = byFrame.Length - 1;
        foreach ((Tensor mass, Tensor? shares) in posterior.Backward())
        {
            rest = torch.where(frames.Is(frame + 1).unsqueeze(1), posterior.Last * final, rest);
            states.Add((mass * (means[frame] - mean)).Plus(rest));
            if (shares is null) break;
            Tensor later = rest.Plus(mass * ofStates[frame]).unsqueeze(0).Plus(mass * ofArcs[frame]); // [K, B, S]
            arcs.Add(shares * later.Plus(mass * (lattice.Arcs.AtSource(means[frame - 1]) - mean)));
            rest = lattice.Arcs.AddToSources(shares * later);
            frame--;
        }

        states.Reverse();
        arcs.Add(torch.zeros_like(arcScores[0]));
        arcs.Reverse();
        return
        [
            TimeLoop.SumByToken(lattice, torch.stack(states), scores.shape[2]),
            lattice.Arcs.Scores.requires_grad ? Like(lattice.Arcs.Scores, arcs) : null,
            lattice.Initial.requires_grad ? states[0] : null,
            lattice.Final.requires_grad ? posterior.Last * (ends - mean) : null,
        ];
    }

    private static Tensor Finite(Tensor values) => values.masked_fill(values.isneginf(), Scalars.Zero);

    private static Tensor Like(Tensor scores, List<Tensor> byFrame)
    {
        if (scores.dim() == 3) return byFrame.Aggregate((sum, arcs) => sum.Plus(arcs));
        Tensor none = torch.zeros_like(byFrame[0]);
        return torch.stack(Enumerable.Range(0, (int)scores.shape[0]).Select(t => t < byFrame.Count ? byFrame[t] : none));
    }
}
