using Ctc.Experiments.Alignments;

namespace Ctc.Experiments.Calibrations;

/// <summary>A token or word whose true edges are known.</summary>
/// <param name="Part">The token or word.</param>
/// <param name="IsRight">Whether both of its edges are within the tolerance.</param>
public sealed record JudgedPart(AlignedPart Part, bool IsRight)
{
    /// <summary>The tokens of an alignment.</summary>
    /// <param name="aligned">An alignment; without true edges there is nothing to judge.</param>
    /// <param name="tolerance">The largest error of an edge that is right, in the unit of the boundary errors.</param>
    public static IEnumerable<JudgedPart> TokensOf(AlignedUtterance aligned, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(aligned);
        if (aligned is not { Tokens: { } tokens, BoundaryErrors: { } errors }) return [];
        return tokens.Select((token, u) => new JudgedPart(token, IsWithin(errors, u, u, tolerance)));
    }

    /// <summary>The words of an alignment: a word begins with its first token and ends with its last.</summary>
    /// <inheritdoc cref="TokensOf"/>
    public static IEnumerable<JudgedPart> WordsOf(AlignedUtterance aligned, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(aligned);
        if (aligned is not { Tokens: { } tokens, Words: { } words, BoundaryErrors: { } errors }) return [];
        return
        [
            .. from word in words
               let own = tokens.Index().Where(token => word.Has(token.Item)).Select(token => token.Index).ToArray()
               where own.Length > 0
               select new JudgedPart(word, IsWithin(errors, own[0], own[^1], tolerance)),
        ];
    }

    // Errors are of the start and the end of each token in turn.
    private static bool IsWithin(IReadOnlyList<double> errors, int first, int last, double tolerance) =>
        Math.Abs(errors[2 * first]) <= tolerance && Math.Abs(errors[(2 * last) + 1]) <= tolerance;
}
