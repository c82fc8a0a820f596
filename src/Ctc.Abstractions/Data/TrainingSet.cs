namespace Ctc;

/// <summary>What the parts that learn from training may know of the training set before the first step.</summary>
/// <param name="targets">The targets, without blanks.</param>
/// <param name="frames">The number of output frames of each utterance.</param>
/// <param name="vocabulary">The tokens that the network scores.</param>
public sealed class TrainingSet(IReadOnlyList<long[]> targets, IReadOnlyList<long> frames, Vocabulary vocabulary)
{
    /// <summary>Gets the targets, without blanks; none where a trained model only reads.</summary>
    public IReadOnlyList<long[]> Targets { get; } = targets;

    /// <summary>Gets the number of output frames of each utterance; none where a trained model only reads.</summary>
    public IReadOnlyList<long> Frames { get; } = frames;

    /// <summary>Gets the tokens that the network scores.</summary>
    public Vocabulary Vocabulary { get; } = vocabulary;
}
