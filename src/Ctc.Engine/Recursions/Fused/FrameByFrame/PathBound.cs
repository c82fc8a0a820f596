using System.Numerics;
using Ctc.Engine.Recursions.Fused.Memory;

namespace Ctc.Engine.Recursions.Fused.FrameByFrame;

/// <summary>Which states of a frame can be on the best path of a long utterance, by a bound on the score of what follows.</summary>
/// <remarks>
/// What follows frame t scores at most Σ_{t' > t} max_v y_{t'}(v), over the labels of the utterance, plus arcs and an end of the highest scores. A
/// state whose α and that sum are below the score of a path that is known is on no better path: leaving it out loses nothing. The path is known
/// from a search that keeps the states near the best of each frame; how good it is decides the time, and not the result. This is the bound of A*
/// (Hart, Nilsson and Raphael, "A formal basis for the heuristic determination of minimum cost paths", 1968).
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class PathBound<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of states of all frames from which a bound is computed: below that, all are searched sooner.</summary>
    public const long ManyStates = 1 << 24;

    private const double Beam = 200; // nats below the best state of a frame, for the first path
    private const double RoundingErrors = 4; // for each addition, in units of the last place of the largest sum

    private readonly double[] rest; // of each frame: the bound on what follows
    private readonly double size; // the largest absolute value that the sums of a path near the best can have, beside the score of the known path
    private double? floor; // the score of the known path, less what rounding may have added to another

    private PathBound(double[] rest, double size) => (this.rest, this.size) = (rest, size);

    /// <summary>Computes the bound of an utterance.</summary>
    /// <param name="batch">The batch; its arcs do not depend on time.</param>
    /// <param name="utterance">The utterance.</param>
    /// <param name="frames">Its frames, 1 or more.</param>
    /// <param name="states">Its states.</param>
    /// <param name="highestEnd">The highest final score.</param>
    /// <returns>Null if a score is NaN or +∞, or all labels of a frame are impossible.</returns>
    public static PathBound<T>? Create(BandedBatch<T> batch, int utterance, int frames, int states, double highestEnd)
    {
        int[] labels = [.. batch.Labels.Slice(batch.StatesAt(utterance), states).ToArray().Select(label => (int)label).Distinct().Order()];
        double highestArc = double.NegativeInfinity;
        for (int slot = 0; slot < batch.UsedSlots; slot++)
        {
            foreach (T score in batch.ArcScores.Slice(batch.ArcsAt(0, slot, utterance), states))
            {
                highestArc = Math.Max(highestArc, double.CreateTruncating(score)); // NaN stays
            }
        }

        var rest = new double[frames];
        (double size, rest[frames - 1]) = (Math.Abs(highestEnd), highestEnd);
        for (int t = frames - 1; t >= 0; t--)
        {
            ReadOnlySpan<T> scores = batch.Scores.Slice(batch.ScoresAt(t, utterance), (int)batch.Tokens);
            double highest = double.NegativeInfinity;
            foreach (int label in labels) highest = Math.Max(highest, double.CreateTruncating(scores[label]));
            double step = highest + highestArc;
            if (!double.IsFinite(step)) return null;
            size += Math.Abs(highest) + Math.Abs(highestArc);
            if (t > 0) rest[t - 1] = rest[t] + step;
        }

        return new PathBound<T>(rest, size);
    }

    /// <summary>Sets the score of a path that is known.</summary>
    public void Know(T score)
    {
        double known = double.CreateTruncating(score), unit = double.CreateTruncating(T.BitIncrement(T.One) - T.One);
        floor = known - (RoundingErrors * unit * rest.Length * (Math.Abs(known) + size));
    }

    /// <summary>Returns the least α of the states that are kept in a frame.</summary>
    /// <param name="t">The frame.</param>
    /// <param name="alphas">The α of its states.</param>
    public double LeastAt(int t, ReadOnlySpan<T> alphas)
    {
        if (floor is { } known) return known - rest[t];
        T best = T.NegativeInfinity;
        foreach (T alpha in alphas) best = T.Max(best, alpha);
        return double.CreateTruncating(best) - Beam;
    }
}
