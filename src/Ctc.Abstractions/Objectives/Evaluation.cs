namespace Ctc;

/// <summary>What the engine knows of one batch, as a part sees it. Quantities are computed once, when first asked for.</summary>
/// <remarks>
/// Gradients do not flow back from infeasible utterances. Asking for what the part did not declare in its
/// <see cref="PartAttribute.Needs"/> throws, so that declarations stay true.
/// </remarks>
public abstract class Evaluation
{
    /// <summary>Holds the batch.</summary>
    /// <param name="batch">Targets and lengths.</param>
    protected Evaluation(Batch batch) => Batch = batch;

    /// <summary>Gets the targets and lengths.</summary>
    public Batch Batch { get; }

    /// <summary>Gets [T, B] booleans, true in the frames that are no padding.</summary>
    public abstract Tensor Mask { get; }

    /// <summary>Gets [B] booleans, true where the target has an alignment of non-zero probability.</summary>
    public abstract Tensor Feasible { get; }

    /// <summary>Gets [T, B, V] the model's own normalised log-probabilities in nats. Padding frames are uniform.</summary>
    public abstract Tensor LogProbs { get; }

    /// <summary>
    /// Gets [T, B, V] what the lattice read: <see cref="LogProbs"/> after the emission transforms. Padding frames hold finite numbers
    /// without meaning.
    /// </summary>
    public abstract Tensor Scores { get; }

    /// <summary>
    /// Gets [B] the negative log-likelihood L̂ = L + Σ_t ln Σ_v exp(score) in nats: that under scores renormalised in each frame.
    /// Equal to L where the scores are normalised, and 0 for infeasible utterances. Never below 0, except for rounding, under ctc and selfless; it
    /// may be where several paths of a lattice have the same tokens (modified, no-blank), or arcs score above 0.
    /// </summary>
    public abstract Tensor Loss { get; }

    /// <summary>
    /// Gets [T, B, V] γ, the posterior share of each token in each frame; sums to 1 in valid frames of feasible utterances, 0 elsewhere.
    /// Has no gradient unless <see cref="Needs.DifferentiableOccupancy"/> was declared.
    /// </summary>
    /// <exception cref="InvalidOperationException">The part declared neither kind of occupancy.</exception>
    public abstract Tensor Occupancy { get; }

    /// <summary>
    /// Gets [T, B] the token of each frame on the best alignment with the target, of type int64; −1 in padding and infeasible utterances.
    /// </summary>
    /// <exception cref="InvalidOperationException">The part did not declare <see cref="Needs.ViterbiPath"/>.</exception>
    public abstract Tensor ViterbiPath { get; }

    /// <summary>
    /// Gets [B] the entropy of the alignment in nats, 0 or more: how undecided the lattice is between its paths. 0 for infeasible utterances.
    /// </summary>
    /// <exception cref="InvalidOperationException">The part did not declare <see cref="Needs.Entropy"/>.</exception>
    public abstract Tensor Entropy { get; }

    /// <summary>Adds up each utterance's valid frames.</summary>
    /// <param name="values">[T, B]; padding may hold anything.</param>
    /// <returns>[B] sums.</returns>
    public Tensor SumFrames(Tensor values) => torch.where(Mask, values, torch.zeros_like(values)).sum([0]);

    /// <summary>Σ_v shares · values in each frame, where a share of 0 silences even a value of −∞.</summary>
    /// <param name="shares">[T, B, V].</param>
    /// <param name="values">[T, B, V], −∞ allowed.</param>
    /// <returns>[T, B].</returns>
    public static Tensor Expectation(Tensor shares, Tensor values)
    {
        Tensor silent = shares == 0;
        return (shares * values.masked_fill(silent, 0)).sum(-1);
    }
}
