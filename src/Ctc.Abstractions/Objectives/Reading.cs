namespace Ctc;

/// <summary>What can be known of a batch without its targets: the model's output, and the paths that it makes likely. A decoder reads it.</summary>
/// <remarks>Reading a quantity that the part does not declare in <see cref="PartAttribute.Needs"/> throws.</remarks>
public abstract class Reading
{
    private static readonly Scalar Zero = 0L;

    /// <summary>Creates the reading of a batch.</summary>
    /// <param name="batch">Lengths and vocabulary; for a decoder the targets are empty.</param>
    protected Reading(Batch batch) => Batch = batch;

    /// <summary>Gets lengths and vocabulary, and the targets where they are known.</summary>
    public Batch Batch { get; }

    /// <summary>Gets [T, B] booleans, true in the frames that are not padding.</summary>
    public abstract Tensor Mask { get; }

    /// <summary>Gets [T, B, V] the model's own normalised log-probabilities in nats. Padding frames are uniform.</summary>
    public abstract Tensor LogProbs { get; }

    /// <summary>
    /// Gets [T, B, V] the scores that the lattice reads: <see cref="LogProbs"/> after the emission transforms. Padding frames hold finite numbers
    /// without meaning.
    /// </summary>
    public abstract Tensor Scores { get; }

    /// <summary>Gets the lattice of every path, whatever it spells; null if any token may be read in any frame.</summary>
    public abstract Lattice? Everything { get; }

    /// <summary>Gets the language model of the objective, for decoders; null, the default, if there is none.</summary>
    public virtual ILanguageModel? LanguageModel => null;

    /// <summary>Returns a stream of the encoder, as it is.</summary>
    /// <param name="name">The name of the stream.</param>
    /// <returns>[T″, B, V] logits, or [T″, B, width] features. Padding may hold anything.</returns>
    /// <exception cref="InvalidOperationException">The part does not declare <see cref="Needs.Streams"/>.</exception>
    /// <exception cref="ArgumentException">The encoder has no such stream.</exception>
    public abstract Tensor Stream(string name);

    /// <summary>Returns the log-probabilities of a stream of logits.</summary>
    /// <param name="stream">The name of the stream.</param>
    /// <returns>[T, B, V] in nats. Padding frames are uniform.</returns>
    /// <exception cref="InvalidOperationException">The part does not declare <see cref="Needs.Streams"/>.</exception>
    /// <exception cref="ArgumentException">The encoder has no such stream, or its shape is not that of the logits.</exception>
    public abstract Tensor LogProbsOf(string stream);

    /// <summary>Prepares the distribution over the paths of a lattice.</summary>
    /// <param name="lattice">Of any floating type, on any device.</param>
    /// <param name="scores">[T, B, V] log-scores in nats; by default <see cref="Scores"/>.</param>
    /// <returns>Quantities that are computed when they are read.</returns>
    /// <exception cref="InvalidOperationException">The part does not declare <see cref="Needs.Recursion"/>.</exception>
    public abstract PathDistribution Distribution(Lattice lattice, Tensor? scores = null);

    /// <summary>Draws paths at random from everything: from <see cref="Everything"/>, or a token in each frame by <see cref="LogProbs"/>.</summary>
    /// <param name="count">k, the number of paths of each utterance; 0 or more.</param>
    /// <returns>Without gradient; the same paths whenever seed, step and utterance are the same.</returns>
    /// <exception cref="InvalidOperationException">The part does not declare <see cref="Needs.Draws"/>.</exception>
    public abstract BatchPaths Draw(int count);

    /// <summary>Finds the best paths of everything: of <see cref="Everything"/>, or of any token in each frame, by <see cref="LogProbs"/>.</summary>
    /// <param name="count">k, the number of paths of each utterance; 1 or more.</param>
    /// <returns>
    /// Without gradient, the best first. Where an utterance has fewer paths, the others have the score −∞ and no tokens.
    /// </returns>
    /// <exception cref="InvalidOperationException">The part does not declare <see cref="Needs.Recursion"/>.</exception>
    public abstract BatchPaths FindBest(int count);

    /// <summary>Returns the targets that paths spell under the topology.</summary>
    /// <param name="paths">k paths of each utterance.</param>
    /// <returns>k times B targets, without blanks and added tokens; empty where there is no path.</returns>
    public abstract IReadOnlyList<IReadOnlyList<long[]>> Spell(BatchPaths paths);

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
        Tensor silent = shares.eq(Zero);
        return (shares * values.masked_fill(silent, Zero)).sum(-1);
    }
}
