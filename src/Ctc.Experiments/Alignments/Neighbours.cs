namespace Ctc.Experiments.Alignments;

/// <summary>Utterances that are aligned together: neighbours, as long as the batch that they are padded to is small.</summary>
internal static class Neighbours
{
    /// <summary>The numbers in a frame of an alignment: logits, states and three arcs of each.</summary>
    /// <param name="vocabulary">The size of the vocabulary.</param>
    /// <param name="tokens">The length of the target.</param>
    public static long Width(long vocabulary, int tokens) => vocabulary + (4 * ((2L * tokens) + 1));

    /// <summary>Groups utterances, in their order.</summary>
    /// <param name="all">The utterances.</param>
    /// <param name="measure">The frames of an utterance and the numbers in each.</param>
    /// <param name="mostNumbers">The most numbers of a group of several.</param>
    /// <param name="most">The most utterances of a group.</param>
    /// <returns>Lazily, groups of one or more.</returns>
    public static IEnumerable<IReadOnlyList<T>> Group<T>(
        IEnumerable<T> all, Func<T, (long Frames, long Width)> measure, long mostNumbers, int most = int.MaxValue)
    {
        var group = new List<T>();
        (long frames, long width) = (0, 0);
        foreach (T one in all)
        {
            (long Frames, long Width) own = measure(one);
            (frames, width) = (Math.Max(frames, own.Frames), Math.Max(width, own.Width));
            if (group.Count == most || (group.Count > 0 && frames * width * (group.Count + 1) > mostNumbers))
            {
                yield return group;
                group = [];
                (frames, width) = own;
            }

            group.Add(one);
        }

        if (group.Count > 0) yield return group;
    }
}
