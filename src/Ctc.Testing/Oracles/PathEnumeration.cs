using Ctc.Engine.Decoding;

namespace Ctc.Testing.Oracles;

/// <summary>CTC by its definition: lists all V^T paths and keeps those that collapse to the target. Uses no lattice and no recursion.</summary>
/// <remarks>For small cases only: O(V^T·T) time. Written for clarity, not speed.</remarks>
public static class PathEnumeration
{
    /// <summary>Sums over all paths of one utterance.</summary>
    /// <param name="scores">[T, V] log-scores, normalised or not.</param>
    /// <param name="target">[U] tokens without blanks.</param>
    /// <param name="blank">The token of the blank.</param>
    /// <returns>ln Z, the occupancy and the score of the best path.</returns>
    public static PathSum Ctc(double[,] scores, long[] target, long blank) =>
        Sum(scores, path => BestPath.Collapse(path, blank).AsSpan().SequenceEqual(target));

    /// <summary>Sums over the paths of the topology modified: tokens held for one frame or more, with blanks between or not.</summary>
    /// <inheritdoc cref="Ctc"/>
    public static PathSum Modified(double[,] scores, long[] target, long blank) => Sum(scores, path => Splits(path, target, blank));

    /// <summary>Sums over the paths of the topology no-blank: tokens held for one frame or more, without blanks.</summary>
    /// <inheritdoc cref="Ctc"/>
    public static PathSum NoBlank(double[,] scores, long[] target) => Sum(scores, path => Splits(path, target, blank: null));

    /// <summary>Sums over the paths of the topology selfless: those that are the target once their blanks are dropped.</summary>
    /// <inheritdoc cref="Ctc"/>
    public static PathSum Selfless(double[,] scores, long[] target, long blank) =>
        Sum(scores, path => path.Where(token => token != blank).SequenceEqual(target));

    /// <summary>Sums over the paths that a rule accepts.</summary>
    /// <param name="scores">[T, V] log-scores.</param>
    /// <param name="accepts">Whether a path of T tokens counts.</param>
    /// <param name="extra">A further log-score of a whole path, for example a delay penalty; by default none.</param>
    /// <returns>ln Z, the occupancy and the score of the best path.</returns>
    public static PathSum Sum(double[,] scores, Func<long[], bool> accepts, Func<long[], double>? extra = null) =>
        Sum(scores, path => accepts(path) ? 1 : 0, extra);

    /// <summary>Sums over paths, each with a multiplicity.</summary>
    /// <param name="scores">[T, V] log-scores.</param>
    /// <param name="ways">The number of ways in which a path of T tokens reads the target; 0 if it does not.</param>
    /// <param name="extra">A further log-score of a whole path; by default none.</param>
    /// <returns>ln Z, the occupancy and the score of the best path. In the entropy each way is a separate path.</returns>
    public static PathSum Sum(double[,] scores, Func<long[], int> ways, Func<long[], double>? extra = null)
    {
        int frames = scores.GetLength(0), tokens = scores.GetLength(1);
        double total = 0, best = double.NegativeInfinity, weighted = 0;
        var share = new double[frames, tokens];
        var path = new long[frames];
        do
        {
            int count = ways(path);
            if (count == 0) continue;
            double score = extra?.Invoke(path) ?? 0;
            for (int t = 0; t < frames; t++) score += scores[t, path[t]];
            double probability = count * Math.Exp(score);
            total += probability;
            if (probability > 0) weighted += probability * score;
            best = Math.Max(best, score);
            for (int t = 0; t < frames; t++) share[t, path[t]] += probability;
        }
        while (Next(path, tokens));

        for (int t = 0; t < frames; t++)
        {
            for (int v = 0; v < tokens && total > 0; v++) share[t, v] /= total;
        }

        double entropy = total > 0 ? Math.Log(total) - (weighted / total) : 0;
        return new PathSum(Math.Log(total), share, best, entropy);
    }

    // The number of ways to split a path into runs, one for each token of the target, with optional blanks around them if there is a blank.
    private static int Splits(ReadOnlySpan<long> path, ReadOnlySpan<long> target, long? blank)
    {
        while (path.Length > 0 && path[0] == blank) path = path[1..];
        if (target.Length == 0) return path.Length == 0 ? 1 : 0;
        int ways = 0;
        for (int held = 1; held <= path.Length && path[held - 1] == target[0]; held++) ways += Splits(path[held..], target[1..], blank);
        return ways;
    }

    // Counts up in base V; false after the last path.
    private static bool Next(long[] path, int tokens)
    {
        for (int t = 0; t < path.Length; t++)
        {
            if (++path[t] < tokens) return true;
            path[t] = 0;
        }

        return false;
    }
}

/// <summary>The result of an enumeration.</summary>
/// <param name="logLikelihood">ln Z; −∞ if no path counts.</param>
/// <param name="occupancy">[T, V] γ; 0 if no path counts.</param>
/// <param name="bestScore">The log-score of the best path; −∞ if no path counts.</param>
/// <param name="entropy">The entropy of the distribution over the paths that count, in nats; 0 if none does.</param>
public sealed class PathSum(double logLikelihood, double[,] occupancy, double bestScore, double entropy)
{
    /// <summary>Gets ln Z; −∞ if no path counts.</summary>
    public double LogLikelihood { get; } = logLikelihood;

    /// <summary>Gets [T, V] γ; 0 if no path counts.</summary>
    public double[,] Occupancy { get; } = occupancy;

    /// <summary>Gets the log-score of the best path; −∞ if no path counts.</summary>
    public double BestScore { get; } = bestScore;

    /// <summary>Gets the entropy of the distribution over the paths that count, in nats; 0 if none does.</summary>
    public double Entropy { get; } = entropy;
}
