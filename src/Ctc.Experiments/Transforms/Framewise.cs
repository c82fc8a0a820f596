namespace Ctc.Experiments.Transforms;

/// <summary>Makes the true token of each frame the training target, which has as many tokens as frames.</summary>
/// <remarks>
/// Under the topology <c>no-blank</c> such a target has one path, and the loss is the cross-entropy to the truth in each frame: a bound for what is
/// learned from the order of the tokens alone. The token of a frame is the one in the middle of it; between two tokens the nearer one. A target
/// without tokens stays empty, and utterances whose true positions are not known are left out.
/// </remarks>
[Part("framewise", Summary = "Makes the true token of each frame the training target: cross-entropy on the truth under no-blank.")]
internal sealed class Framewise : IDataTransform
{
    /// <inheritdoc/>
    public Dataset Transform(Dataset data, long seed)
    {
        Utterance[] made = [.. from utterance in data.Train where utterance.Spans is not null select Written(utterance, utterance.Spans!)];
        if (made.Length == 0) throw new InvalidDataException("The true positions of the training tokens are not known; framewise expects them.");
        return data.With(made);
    }

    private static Utterance Written(Utterance utterance, IReadOnlyList<FrameInterval> spans)
    {
        if (spans.Count == 0) return utterance;
        long[] target = new long[utterance.Frames];
        for (int t = 0, u = 0; t < target.Length; t++)
        {
            double middle = t + 0.5;
            while (u + 1 < spans.Count && Distance(spans[u + 1], middle) < Distance(spans[u], middle)) u++;
            target[t] = utterance.Target[u];
        }

        return utterance.WithTarget(target, [.. Enumerable.Range(0, target.Length).Select(t => new FrameInterval(t, t + 1))]);
    }

    private static double Distance(FrameInterval span, double place) => Math.Max(Math.Max(span.Start - place, place - span.End), 0);
}
