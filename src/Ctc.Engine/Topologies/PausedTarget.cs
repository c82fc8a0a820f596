namespace Ctc.Engine.Topologies;

/// <summary>A target with the pauses that a path may read beside its tokens.</summary>
/// <param name="labels">The token that each state reads; no two neighbours are pauses, except where the target has them.</param>
/// <param name="positions">The position in the target of each; −1 for a pause that the target does not have.</param>
internal sealed class PausedTarget(long[] labels, long[] positions)
{
    private const char Space = ' ', WordStart = '▁';

    public long[] Labels => labels;

    public long[] Positions => positions;

    /// <summary>Returns the silence as a token to add, if a vocabulary does not have it.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="silence">The symbol; null if there is none.</param>
    public static IReadOnlyList<AddedToken> AddSilence(Vocabulary vocabulary, string? silence)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        return silence is null || Tokens(vocabulary).Any(token => vocabulary.Symbol(token) == silence) ? [] : [new AddedToken(silence, [])];
    }

    /// <summary>Returns the token of the silence.</summary>
    /// <param name="vocabulary">The tokens, with those that were added.</param>
    /// <param name="silence">The symbol.</param>
    /// <exception cref="InvalidDataException">The vocabulary lacks it.</exception>
    public static long FindSilence(Vocabulary vocabulary, string silence)
    {
        foreach (long token in Tokens(vocabulary)) if (vocabulary.Symbol(token) == silence) return token;
        throw new InvalidDataException($"The silence '{silence}' is none of the tokens; expected one of them.");
    }

    /// <summary>Places pauses: at both ends, and between words or tokens.</summary>
    /// <param name="target">The tokens.</param>
    /// <param name="silence">The token of pauses. Where the target has it, it is read in its place.</param>
    /// <param name="vocabulary">Its spaces separate words.</param>
    /// <param name="between">Where there are pauses; null for between words.</param>
    public static PausedTarget From(long[] target, long silence, Vocabulary vocabulary, PausePlaces? between)
    {
        (List<long> labels, List<long> positions) = ([], []);
        for (int u = 0; u < target.Length; u++)
        {
            string symbol = vocabulary.Symbol(target[u]);
            bool isPause = target[u] == silence || symbol is [Space] or [WordStart];
            bool isBefore = u == 0 || between == PausePlaces.Tokens || symbol is [Space or WordStart, ..];
            if (!isPause && isBefore) AddPause();
            labels.Add(isPause ? silence : target[u]);
            positions.Add(u);
        }

        AddPause();
        return new PausedTarget([.. labels], [.. positions]);

        void AddPause()
        {
            if (labels.Count > 0 && labels[^1] == silence) return;
            labels.Add(silence);
            positions.Add(-1);
        }
    }

    private static IEnumerable<long> Tokens(Vocabulary vocabulary)
    {
        for (long token = 0; token < vocabulary.Size; token++) yield return token;
    }
}
