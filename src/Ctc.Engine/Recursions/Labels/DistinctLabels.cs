namespace Ctc.Engine.Recursions.Labels;

/// <summary>The labels of each utterance, each once, in the order of the states; or all labels, if an utterance has at least half of them.</summary>
/// <remarks>Whole rows in their order are read faster than half of them one by one.</remarks>
internal static class DistinctLabels
{
    /// <summary>Finds them.</summary>
    /// <param name="ofStates">[B, S] labels of type int64.</param>
    /// <param name="end">The exclusive upper bound of labels from 0 on.</param>
    /// <returns>
    /// [B, R] labels, the first one repeated in padding, R that of the utterance that has most; and [B, S] the place of the label of each state.
    /// If R would be at least half of the number of labels: these from 0 on, whose places are the labels.
    /// </returns>
    public static (Tensor Labels, Tensor Places) Find(Tensor ofStates, long end)
    {
        (int batch, int states) = ((int)ofStates.shape[0], (int)ofStates.shape[1]);
        long[] all = ofStates.numel() == 0 ? [] : [.. ofStates.cpu().contiguous().data<long>()];
        var places = new long[all.Length];
        var distinct = new List<long>[batch];
        var (place, seenIn) = (new int[end], new int[end]);
        for (int b = 0; b < batch; b++)
        {
            List<long> own = distinct[b] = [];
            for (int cell = b * states; cell < (b + 1) * states; cell++)
            {
                long label = all[cell];
                if (seenIn[label] != b + 1)
                {
                    (seenIn[label], place[label]) = (b + 1, own.Count);
                    own.Add(label);
                }

                places[cell] = place[label];
            }
        }

        int most = distinct.Select(own => own.Count).Append(0).Max();
        if (2 * most >= end) return (Scalars.Range(end, ofStates.device).unsqueeze(0).repeat(batch, 1), ofStates);
        long[] padded = [.. distinct.SelectMany(own => own.Concat(Enumerable.Repeat(own.FirstOrDefault(), most - own.Count)))];
        return (
            torch.tensor(padded, [batch, most], device: ofStates.device), torch.tensor(places, [batch, states], device: ofStates.device));
    }
}
