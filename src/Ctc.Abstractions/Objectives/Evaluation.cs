namespace Ctc;

/// <summary>The quantities of one batch that a part can read. Each is computed lazily, once.</summary>
/// <remarks>
/// Gradients do not flow back from infeasible utterances. Reading a quantity that the part does not declare in
/// <see cref="PartAttribute.Needs"/> throws.
/// </remarks>
public abstract class Evaluation
{
    /// <summary>Creates an evaluation of a batch.</summary>
    /// <param name="batch">Targets and lengths.</param>
    protected Evaluation(Batch batch) => Batch = batch;

    /// <summary>Gets the targets and lengths.</summary>
    public Batch Batch { get; }

    /// <summary>Gets [T, B] booleans, true in the frames that are not padding.</summary>
    public abstract Tensor Mask { get; }

    /// <summary>Gets [B] booleans, true where the target has an alignment of non-zero probability.</summary>
    public abstract Tensor Feasible { get; }

    /// <summary>Gets [T, B, V] the model's own normalised log-probabilities in nats. Padding frames are uniform.</summary>
    public abstract Tensor LogProbs { get; }

    /// <summary>
    /// Gets [T, B, V] the scores that the lattice reads: <see cref="LogProbs"/> after the emission transforms. Padding frames hold finite numbers
    /// without meaning.
    /// </summary>
    public abstract Tensor Scores { get; }

    /// <summary>
    /// Gets [B] the negative log-likelihood L̂ = L + Σ_t ln Σ_v exp(score) in nats: the loss under scores renormalised in each frame.
    /// Equal to L where the scores are normalised, and 0 for infeasible utterances. Never below 0, except for rounding, under ctc and selfless; it
    /// may be negative where several paths of a lattice have the same tokens (modified, no-blank), or arcs score above 0.
    /// </summary>
    public abstract Tensor Loss { get; }

    /// <summary>
    /// Gets [T, B, V] γ, the posterior share of each token in each frame; sums to 1 in valid frames of feasible utterances, 0 elsewhere.
    /// Has no gradient unless <see cref="Needs.DifferentiableOccupancy"/> is declared.
    /// </summary>
    /// <exception cref="InvalidOperationException">The part declares neither kind of occupancy.</exception>
    public abstract Tensor Occupancy { get; }

    /// <summary>
    /// Gets [T, B] the token of each frame on the best alignment with the target, of type int64; −1 in padding and infeasible utterances.
    /// </summary>
    /// <exception cref="InvalidOperationException">The part does not declare <see cref="Needs.ViterbiPath"/>.</exception>
    public abstract Tensor ViterbiPath { get; }

    /// <summary>
    /// Gets [B] the entropy of the alignment in nats, 0 or more: that of the posterior distribution over paths. 0 for infeasible utterances.
    /// </summary>
    /// <exception cref="InvalidOperationException">The part does not declare <see cref="Needs.Entropy"/>.</exception>
    public abstract Tensor Entropy { get; }

    /// <summary>Sums over each utterance's valid frames.</summary>
    /// <param name="values">[T, B]; padding may hold anything.</param>
    /// <returns>[B] sums.</returns>
    public Tensor SumFrames(Tensor values) => torch.where(Mask, values, torch.zeros_like(values)).sum([0]);

    /// <summary>Σ_v shares · values in each frame, where 0 · (−∞) counts as 0.</summary>
    /// <param name="shares">[T, B, V].</param>
    /// <param name="values">[T, B, V], −∞ allowed.</param>
    /// <returns>[T, B].</returns>
    public static Tensor Expectation(Tensor shares, Tensor values)
    {
        Tensor silent = shares == 0;
        return (shares * values.masked_fill(silent, 0)).sum(-1);
    }
}
