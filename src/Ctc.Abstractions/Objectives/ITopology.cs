namespace Ctc;

/// <summary>
/// Extension point: the rule for aligning a target with frames. Builds lattices and says what a path spells; contains no loop over time.
/// </summary>
public interface ITopology : IPart
{
    /// <summary>Builds the lattice of each target, padded to a batch.</summary>
    /// <param name="batch">Targets and lengths.</param>
    /// <returns>The numerator, and the denominator if there is one.</returns>
    Lattices Build(Batch batch);

    /// <summary>
    /// The tokens that the topology adds to the vocabulary, such as grams. Called once, before the network is built; a trained model stores them.
    /// </summary>
    /// <param name="vocabulary">The tokens of the data set.</param>
    /// <param name="targets">The targets of the training set, without blanks.</param>
    /// <returns>The tokens in the order of their numbers; by default none.</returns>
    IReadOnlyList<AddedToken> AddTokens(Vocabulary vocabulary, IReadOnlyList<long[]> targets) => [];

    /// <summary>The lattice of every path, whatever it spells: decoding and sampling search it.</summary>
    /// <param name="batch">Lengths and vocabulary. The targets are empty.</param>
    /// <returns>The lattice; null, the default, if any token may be read in any frame at no further score.</returns>
    Lattice? BuildEverything(Batch batch) => null;

    /// <summary>The target that a path spells. By default as under CTC: repeats merge, blanks are left out, added tokens are spelled.</summary>
    /// <param name="path">The token of each frame.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <returns>Tokens without blanks and added tokens.</returns>
    long[] Spell(ReadOnlySpan<long> path, Vocabulary vocabulary) => vocabulary.Spell(path);

    /// <summary>The words of a target on a path of its lattice, for a topology with several pronunciations of a word.</summary>
    /// <param name="batch">Targets and lengths, as for <see cref="Build"/>.</param>
    /// <param name="utterance">The position of the utterance.</param>
    /// <param name="states">The state of each of its frames.</param>
    /// <returns>In the order of the target; by default none.</returns>
    IReadOnlyList<WordSpan> FindWords(Batch batch, int utterance, ReadOnlySpan<long> states) => [];
}
