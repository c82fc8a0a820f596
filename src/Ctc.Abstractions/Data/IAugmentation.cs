namespace Ctc;

/// <summary>Extension point: a random change of the features of a training utterance. Dev set, test set and decoding are unchanged by it.</summary>
public interface IAugmentation : IPart
{
    /// <summary>Changes the features of one view of an utterance.</summary>
    /// <param name="features">The features after the augmentations before this one. Never written into.</param>
    /// <param name="random">
    /// The only source of chance. Its numbers depend on the seed of the run, the epoch, the utterance, its view and the place of the augmentation,
    /// and on nothing else.
    /// </param>
    /// <param name="progress">The progress of training.</param>
    /// <returns>Features of the same size; the number of frames may differ. The argument itself where nothing changes.</returns>
    Features Augment(Features features, SplitMix64 random, Progress progress);

    /// <summary>
    /// Gets whether the two views of an utterance draw other numbers. An augmentation that changes the number of frames returns false, so that
    /// both views have the same frames.
    /// </summary>
    /// <value>True by default.</value>
    bool PerView => true;
}
