using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Augmentations;

/// <summary>The options of <c>elastic</c>.</summary>
public sealed record ElasticOptions
{
    /// <summary>Gets the largest displacement at a point of the grid, along the line and across it.</summary>
    /// <value>In pixels, 0 or more; the default is 1.</value>
    [Range(0.0, 1000.0)]
    public Schedule Amount { get; init; } = 1;

    /// <summary>Gets the distance between two points of the grid.</summary>
    /// <value>In pixels, 1 or more; the default is 6.</value>
    [Range(1, 10_000)]
    public int Spacing { get; init; } = 6;
}

/// <summary>Bends a line image by a smooth random displacement: cubic B-splines over a grid of random points.</summary>
[Part("elastic", typeof(ElasticOptions),
    Summary = "For line images: bends the writing smoothly at random.",
    Paper = "after Simard, Steinkraus and Platt, Best Practices for Convolutional Neural Networks Applied to Visual Document Analysis, ICDAR 2003")]
internal sealed class Elastic(ElasticOptions options) : IAugmentation
{
    private const int Support = 4; // the points that a cubic B-spline reaches in one dimension

    /// <inheritdoc/>
    public Features Augment(Features features, SplitMix64 random, Progress progress)
    {
        double amount = options.Amount.At(progress);
        int across = Points(features.Frames), down = Points(features.Size);
        (double Frame, double Row)[] grid = [.. Enumerable.Range(0, across * down).Select(_ => (random.Within(amount), random.Within(amount)))];
        double[][] columns = [.. Enumerable.Range(0, features.Frames).Select(Weights)];
        double[][] rows = [.. Enumerable.Range(0, features.Size).Select(Weights)];
        return Warp.Sample(features, features.Frames, (t, row) =>
        {
            (double x, double y) = (t, row);
            for (int i = 0; i < Support; i++)
            {
                for (int k = 0; k < Support; k++)
                {
                    (double Frame, double Row) point = grid[(((t / options.Spacing) + i) * down) + (row / options.Spacing) + k];
                    double weight = columns[t][i] * rows[row][k];
                    x += weight * point.Frame;
                    y += weight * point.Row;
                }
            }

            return (x, y);
        });
    }

    private int Points(int length) => (Math.Max(0, length - 1) / options.Spacing) + Support;

    // The uniform cubic B-spline: the weights of the four points around a pixel. They add up to 1.
    private double[] Weights(int pixel)
    {
        double u = (double)(pixel % options.Spacing) / options.Spacing, v = 1 - u;
        return
        [
            v * v * v / 6,
            ((3 * u * u * u) - (6 * u * u) + 4) / 6,
            ((3 * v * v * v) - (6 * v * v) + 4) / 6,
            u * u * u / 6,
        ];
    }
}
