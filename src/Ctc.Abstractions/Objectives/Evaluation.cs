namespace Ctc;

/// <summary>The quantities of one batch that a part can read: those of a <see cref="Reading"/>, and those that depend on the targets.</summary>
/// <remarks>
/// Each is computed lazily, once. Gradients do not flow back from infeasible utterances. Reading a quantity that the part does not declare in
/// <see cref="PartAttribute.Needs"/> throws.
/// </remarks>
public abstract class Evaluation : Reading
{
    /// <summary>Creates an evaluation of a batch.</summary>
    /// <param name="batch">Targets and lengths.</param>
    protected Evaluation(Batch batch)
        : base(batch)
    {
    }

    /// <summary>Gets [B] booleans, true where the target has an alignment of non-zero probability.</summary>
    public abstract Tensor Feasible { get; }

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

    /// <summary>Gets the posterior over the alignments of a transducer, by place (t, u): frame t after u tokens of the target. No gradient.</summary>
    /// <value>The tensors belong to the dispose scope in which they are first read.</value>
    /// <exception cref="InvalidOperationException">
    /// The part does not declare <see cref="Needs.Places"/>, or the topology is no transducer.
    /// </exception>
    public virtual TransducerOccupancy Places =>
        throw new InvalidOperationException("The topology is no transducer, so that its alignments have no places (t, u); expected Occupancy.");

    /// <summary>Gets the distribution over the paths of the targets, after the lattice transforms.</summary>
    /// <exception cref="InvalidOperationException">The part does not declare <see cref="Needs.Recursion"/>.</exception>
    public abstract PathDistribution Numerator { get; }

    /// <summary>Evaluates other targets, or other log-probabilities, under the same topology and transforms.</summary>
    /// <param name="targets">B token sequences without blanks; by default those of the batch.</param>
    /// <param name="logProbs">[T, B, V] log-probabilities in nats; by default <see cref="Reading.LogProbs"/>.</param>
    /// <returns>An evaluation with its own likelihood, feasibility and occupancy.</returns>
    /// <exception cref="InvalidOperationException">The part does not declare <see cref="Needs.Recursion"/>.</exception>
    public abstract Evaluation EvaluateWith(IReadOnlyList<long[]>? targets = null, Tensor? logProbs = null);

    /// <summary>Exchanges the two views of each utterance.</summary>
    /// <param name="values">A tensor with one row for each row of the batch.</param>
    /// <param name="dimension">The dimension of the batch; by default 1, as in [T, B, V].</param>
    /// <returns>A tensor of the same shape: row b holds what the other view of the utterance of row b has.</returns>
    /// <exception cref="InvalidOperationException">The part does not declare <see cref="Needs.OtherView"/>, or the batch has one view.</exception>
    public virtual Tensor OtherView(Tensor values, long dimension = 1)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Batch.Views == 2
            ? values.roll(Batch.Size / 2, dimension)
            : throw new InvalidOperationException($"The batch has {Batch.Views} view of each utterance; expected 2.");
    }
}
