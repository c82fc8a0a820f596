namespace Ctc.Engine.Recursions.Labels;

/// <summary>The tokens that the labels of lattices read, one for a token, and for a class those with a weight other than −∞.</summary>
internal sealed class TokenSets
{
    private readonly long tokens, classes, places;
    private readonly bool[] rest, reads, above;
    private readonly long[] listed;

    /// <param name="classes">Of a batch; null without classes.</param>
    /// <param name="tokens">V.</param>
    public TokenSets(TokenClasses? classes, long tokens)
    {
        (this.tokens, this.classes, places) = (tokens, classes?.Count ?? 0, classes?.Tokens.shape[2] ?? 0);
        (rest, reads) = (All(classes?.Rest.isneginf().logical_not()), All(classes?.Weights.isneginf().logical_not()));
        listed = classes is null || classes.Tokens.numel() == 0 ? [] : [.. classes.Tokens.cpu().contiguous().data<long>()];
        Tensor? some = classes is null ? null : Above(classes.Weights).logical_and(classes.Tokens.ge(Scalars.Zero)).any(2);
        above = All(some is null ? null : Above(classes!.Rest).logical_or(some));
    }

    /// <summary>Returns whether a label gives no token more than its probability.</summary>
    public bool IsBounded(int utterance, long label) => label < tokens || !above[Class(utterance, label)];

    /// <summary>
    /// Returns whether two labels of an utterance read a common token; true too where two classes both read tokens that they do not list.
    /// </summary>
    public bool Overlap(int utterance, long one, long other)
    {
        if (one < tokens) return Reads(utterance, other, one);
        if (other < tokens) return Reads(utterance, one, other);
        (bool ofOne, bool ofOther) = (rest[Class(utterance, one)], rest[Class(utterance, other)]);
        return (ofOne && ofOther)
            || (ofOne ? Listed(utterance, other).Any(token => Reads(utterance, one, token))
                : Listed(utterance, one).Any(token => Reads(utterance, other, token)));
    }

    private bool Reads(int utterance, long label, long token)
    {
        if (label < tokens) return label == token;
        long first = Class(utterance, label) * places;
        for (long place = first; place < first + places; place++)
        {
            if (listed[place] == token) return reads[place];
        }

        return rest[Class(utterance, label)];
    }

    private IEnumerable<long> Listed(int utterance, long label)
    {
        long first = Class(utterance, label) * places;
        for (long place = first; place < first + places; place++)
        {
            if (listed[place] >= 0 && reads[place]) yield return listed[place];
        }
    }

    private long Class(int utterance, long label) => (utterance * classes) + label - tokens;

    private static Tensor Above(Tensor weights) => weights.le(Scalars.Zero).logical_not();

    private static bool[] All(Tensor? values) => values is null || values.numel() == 0 ? [] : [.. values.cpu().contiguous().data<bool>()];
}
