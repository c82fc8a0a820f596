using Ctc.Engine.Frames;
using Ctc.Engine.Objectives;

namespace Ctc.Experiments.Training;

/// <summary>The training utterances whose targets do not fit their frames.</summary>
internal static class UnalignedTargets
{
    private const int MostNamed = 5;

    /// <summary>Describes them before the first step.</summary>
    /// <returns>A sentence that counts them and names the first ones; null if there are none.</returns>
    /// <exception cref="InfeasibleException">The policy is error, and there are some; at most 20 are named.</exception>
    /// <exception cref="InvalidDataException">There are no others.</exception>
    public static string? Describe(Setup setup)
    {
        Batch all = PaddedBatch.Describe(setup.Data.Train, setup.Vocabulary, setup.Network);
        string?[] sentences =
        [
            Describe(setup, all, setup.Objective.Topology, head: null),
            .. setup.Objective.HeadsByName.Select(head => Describe(
                setup, all.WithFrames(StreamFrames(setup, head.Value.Stream)), head.Value.Parts.Topology, head.Key)),
        ];
        return sentences.All(sentence => sentence is null) ? null : string.Join(" ", sentences.OfType<string>());
    }

    private static string? Describe(Setup setup, Batch all, ITopology topology, string? head)
    {
        InfeasiblePolicy policy = setup.Objective.Infeasible;
        IReadOnlyList<long> fewest = FewestFrames.Find(topology, all);
        int[] tooShort = [.. Enumerable.Range(0, all.Size).Where(b => all.Frames[b] < fewest[b])];
        if (tooShort.Length == 0) return null;
        if (policy == InfeasiblePolicy.Error) throw new InfeasibleException(all, tooShort, topology, head);

        string named = InfeasibleException.Describe(all, tooShort, topology, MostNamed);
        string place = head is null ? "" : $" in the head '{head}'";
        if (tooShort.Length == all.Size)
        {
            throw new InvalidDataException(
                $"None of the {all.Size} training utterances can be aligned with its target{place}: {named}; expected at least one to learn from.");
        }

        string treated =
            head is not null ? $"have a loss of 0{place}"
            : policy == InfeasiblePolicy.Drop ? "are left out of training"
            : "count with a loss of 0 in training, and teach nothing";
        return
            $"{tooShort.Length} of {all.Size} training utterances {treated}, because they cannot be aligned with their targets: {named}.";
    }

    /// <summary>The frames of a stream of the encoder for each training utterance.</summary>
    public static long[] StreamFrames(Setup setup, string stream) =>
        [.. setup.Data.Train.Select(utterance => setup.Network.StreamFrames(stream, utterance.Frames))];
}
