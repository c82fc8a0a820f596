namespace Ctc.Experiments.Transforms;

/// <summary>Makes the true token of each frame the training target, which has as many tokens as frames.</summary>
/// <remarks>
/// Under the topology <c>no-blank</c> such a target has one path, and the loss is the cross-entropy to the truth in each frame: a bound for what is
/// learned from the order of the tokens alone.
/// </remarks>
[Part("framewise", Summary = "Makes the true token of each frame the training target: cross-entropy on the truth under no-blank.")]
internal sealed class Framewise : IDataTransform
{
    /// <inheritdoc/>
    public Dataset Transform(Dataset data, long seed) => data.With([.. data.Train.Select(Written)]);

    private static Utterance Written(Utterance utterance)
    {
        IReadOnlyList<FrameInterval> spans = utterance.Spans
            ?? throw new InvalidDataException(
                $"The true positions of the tokens of {utterance.Id} are not known; the transform framewise expects them.");
        long[] target = new long[utterance.Frames];
        for (int t = 0, u = 0; t < target.Length; t++)
        {
            double middle = t + 0.5;
            while (u < spans.Count && spans[u].End <= middle) u++;
            if (u == spans.Count || spans[u].Start > middle)
            {
                throw new InvalidDataException(
                    $"No token of {utterance.Id} is in the middle of its frame {t}; the transform framewise expects one in each frame.");
            }

            target[t] = utterance.Target[u];
        }

        return utterance.WithTarget(target, [.. Enumerable.Range(0, target.Length).Select(t => new FrameInterval(t, t + 1))]);
    }
}
