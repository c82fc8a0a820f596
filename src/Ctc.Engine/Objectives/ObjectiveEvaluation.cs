namespace Ctc.Engine.Objectives;

/// <summary>The quantities of one batch on which a loss is built, of any topology. Tensors belong to the caller's dispose scope.</summary>
public abstract class ObjectiveEvaluation : Evaluation
{
    private protected ObjectiveEvaluation(Batch batch)
        : base(batch)
    {
    }

    /// <summary>Gets the positions of the utterances that have no alignment.</summary>
    public abstract IReadOnlyList<int> Infeasible { get; }

    /// <summary>Gets [B] ln Z of the targets; −∞ where infeasible.</summary>
    public abstract Tensor LogLikelihood { get; }

    /// <summary>Gets [B] L, normalised or not; 0 where infeasible.</summary>
    public abstract Tensor NegativeLogLikelihood { get; }

    /// <summary>Gets [T, B, V] γ, through which gradients flow.</summary>
    public abstract Tensor DifferentiableOccupancy { get; }

    /// <summary>Gets the parts, and the recursion used.</summary>
    internal abstract EvaluationSettings Settings { get; }

    /// <summary>Draws paths for a purpose: two purposes draw different paths.</summary>
    /// <param name="count">k, the number of paths of each utterance; 0 or more.</param>
    /// <param name="purpose">What the paths are for, such as the name of the part.</param>
    internal abstract BatchPaths Draw(int count, string purpose);

    /// <summary>[B] values, with those of infeasible utterances replaced by 0, value and gradient.</summary>
    internal Tensor WhereFeasible(Tensor values) => torch.where(Feasible, values, torch.zeros_like(values));

    private protected static int[] Positions(Tensor feasible)
    {
        if (feasible.numel() == 0) return [];
        bool[] onCpu = feasible.cpu().data<bool>().ToArray();
        return [.. Enumerable.Range(0, onCpu.Length).Where(b => !onCpu[b])];
    }
}
