
using Ctc.Configuration.Schema;

namespace Ctc.Experiments.Training;

/// <summary>The batches of the training set in an epoch: a function of the seed and the epoch only, so that a resumed run has the same.</summary>
internal static class EpochOrder
{
    // Utterances of similar length share a batch, within this many batches: less padding, and the epoch is still shuffled.
    private const int BatchesSortedTogether = 8;

    /// <summary>The number of steps in an epoch.</summary>
    public static int Count(int utterances, TrainingConfiguration train) =>
        checked((utterances + train.StepSize - 1) / train.StepSize * train.Passes);

    /// <summary>In each pass shuffles, sorts by length in small windows, cuts into batches, one for each step, and shuffles those.</summary>
    public static IReadOnlyList<Utterance[]> Batches(IReadOnlyList<Utterance> utterances, TrainingConfiguration train, long seed, int epoch) =>
        [.. Enumerable.Range(0, train.Passes).SelectMany(pass => Pass(utterances, train.StepSize, seed, ((long)epoch * train.Passes) + pass))];

    private static Utterance[][] Pass(IReadOnlyList<Utterance> utterances, int batchSize, long seed, long number)
    {
        SplitMix64 random = SplitMix64.At((int)seed, (int)(seed >> 32), checked((int)number));
        Utterance[] shuffled = [.. utterances];
        random.Shuffle<Utterance>(shuffled);
        Utterance[][] batches = [.. shuffled
            .Chunk(batchSize * BatchesSortedTogether)
            .SelectMany(window => window.OrderBy(utterance => utterance.Frames).Chunk(batchSize))];
        random.Shuffle<Utterance[]>(batches);
        return batches;
    }
}
