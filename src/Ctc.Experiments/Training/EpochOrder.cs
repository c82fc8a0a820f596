
namespace Ctc.Experiments.Training;

/// <summary>The batches of the training set in an epoch: a function of the seed and the epoch only, so that a resumed run has the same.</summary>
internal static class EpochOrder
{
    // Utterances of similar length share a batch, within this many batches: less padding, and the epoch is still shuffled.
    private const int BatchesSortedTogether = 8;

    /// <summary>The number of batches in an epoch.</summary>
    public static int Count(int utterances, int batchSize) => (utterances + batchSize - 1) / batchSize;

    /// <summary>Shuffles, sorts by length in small windows, cuts into batches and shuffles those.</summary>
    public static IReadOnlyList<Utterance[]> Batches(IReadOnlyList<Utterance> utterances, int batchSize, long seed, int epoch)
    {
        SplitMix64 random = SplitMix64.At((int)seed, (int)(seed >> 32), epoch);
        Utterance[] shuffled = [.. utterances];
        random.Shuffle<Utterance>(shuffled);
        Utterance[][] batches = [.. shuffled
            .Chunk(batchSize * BatchesSortedTogether)
            .SelectMany(window => window.OrderBy(utterance => utterance.Frames).Chunk(batchSize))];
        random.Shuffle<Utterance[]>(batches);
        return batches;
    }
}
