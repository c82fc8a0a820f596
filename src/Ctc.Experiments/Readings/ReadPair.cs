namespace Ctc.Experiments.Readings;

/// <summary>An element that is there, opposite to what was read for it.</summary>
/// <param name="Reference">What is there: a token, character or word; null opposite to an insertion.</param>
/// <param name="Hypothesis">What was read; null opposite to a deletion.</param>
public readonly record struct ReadPair(string? Reference, string? Hypothesis)
{
    /// <summary>Gets whether what is there was read.</summary>
    public bool IsRight => Reference == Hypothesis;

    /// <summary>Gets the reference for display: as it is where it was read, else visible; empty for an insertion.</summary>
    public string ShownReference => IsRight ? Reference ?? "" : Visible(Reference);

    /// <summary>Gets the hypothesis for display: as it is where it is right, else visible; empty for a deletion.</summary>
    public string ShownHypothesis => IsRight ? Hypothesis ?? "" : Visible(Hypothesis);

    /// <summary>Aligns two sequences by the fewest edits.</summary>
    /// <param name="reference">The elements that are there.</param>
    /// <param name="hypothesis">The elements that were read.</param>
    /// <returns>The pairs in order, those of <see cref="EditDistance.Align"/>.</returns>
    public static IReadOnlyList<ReadPair> Align(IReadOnlyList<string> reference, IReadOnlyList<string> hypothesis)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(hypothesis);
        return
        [
            .. EditDistance.Align<string>([.. reference], [.. hypothesis])
                .Select(pair => new ReadPair(pair.From < 0 ? null : reference[pair.From], pair.To < 0 ? null : hypothesis[pair.To])),
        ];
    }

    private static string Visible(string? symbol) => string.IsNullOrEmpty(symbol) ? "" : VisibleSymbol.From(symbol);
}
