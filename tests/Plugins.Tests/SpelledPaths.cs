namespace Ctc.Plugins.Tests;

/// <summary>All V^N sequences of tokens, and what a topology says that each spells: the definition of a likelihood, without a lattice.</summary>
internal static class SpelledPaths
{
    /// <summary>All sequences.</summary>
    /// <param name="tokens">V.</param>
    /// <param name="frames">N.</param>
    public static IEnumerable<long[]> All(long tokens, long frames) => frames == 0
        ? [[]]
        : All(tokens, frames - 1).SelectMany(path => Enumerable.Range(0, (int)tokens), (path, token) => (long[])[.. path, token]);

    /// <summary>Sums e^score over the paths that spell a target.</summary>
    /// <param name="tokens">V.</param>
    /// <param name="frames">N.</param>
    /// <param name="score">Of a path; −∞ where it is not allowed.</param>
    /// <param name="target">Null for all paths.</param>
    /// <param name="spell">What a path spells.</param>
    /// <returns>The logarithm of the sum.</returns>
    public static double LogSum(long tokens, long frames, Func<long[], double> score, long[]? target, Func<long[], long[]> spell) =>
        Math.Log(All(tokens, frames).Where(path => target is null || spell(path).SequenceEqual(target)).Sum(path => Math.Exp(score(path))));
}
