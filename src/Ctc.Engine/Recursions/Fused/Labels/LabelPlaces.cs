namespace Ctc.Engine.Recursions.Fused.Labels;

/// <summary>The labels of one utterance by what they read: tokens, and classes of tokens, with the places of both among the labels.</summary>
internal sealed class LabelPlaces
{
    /// <param name="labels">Each once; the first one is repeated in padding.</param>
    /// <param name="tokens">V: from there on labels are classes.</param>
    /// <param name="classes">C; 0 without classes.</param>
    /// <param name="places">K.</param>
    /// <param name="b">The index of the utterance.</param>
    /// <param name="rest">[B, C] log-weights of the tokens that are not listed.</param>
    /// <param name="listed">[B, C, K] listed tokens.</param>
    /// <param name="weights">[B, C, K] their log-weights.</param>
    public LabelPlaces(
        ReadOnlySpan<long> labels, int tokens, int classes, int places, int b, double[] rest, long[] listed, double[] weights)
    {
        Count = labels.Length;
        while (Count > 1 && labels[Count - 1] == labels[0]) Count--;
        List<int> read = [], tokenPlaces = [], numbers = [], classPlaces = [];
        for (int place = 0; place < Count; place++)
        {
            (List<int> of, List<int> at) = labels[place] < tokens ? (read, tokenPlaces) : (numbers, classPlaces);
            of.Add((int)(labels[place] < tokens ? labels[place] : labels[place] - tokens));
            at.Add(place);
        }

        (Tokens, TokenPlaces, ClassPlaces) = ([.. read], [.. tokenPlaces], [.. classPlaces]);
        if (numbers.Count == 0) return;
        Range own = (b * classes)..((b + 1) * classes), ofEach = (b * classes * places)..((b + 1) * classes * places);
        Classes = new UtteranceClasses([.. numbers], tokens, rest.AsSpan(own), listed.AsSpan(ofEach), weights.AsSpan(ofEach));
    }

    /// <summary>Gets the number of labels.</summary>
    public int Count { get; }

    /// <summary>Gets the tokens that are labels.</summary>
    public int[] Tokens { get; }

    /// <summary>Gets the place of each.</summary>
    public int[] TokenPlaces { get; }

    /// <summary>Gets the classes that are labels; null without.</summary>
    public UtteranceClasses? Classes { get; }

    /// <summary>Gets the place of each class.</summary>
    public int[] ClassPlaces { get; }
}
