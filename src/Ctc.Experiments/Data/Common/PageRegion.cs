using System.Globalization;

namespace Ctc.Experiments.Data.Common;

/// <summary>A polygon on a page. Its coordinates are corners of pixels: from 10 to 50 there are 40 columns.</summary>
/// <param name="points">At least 3 points, in columns from the left and rows from the top.</param>
internal sealed class PageRegion(IReadOnlyList<(double X, double Y)> points)
{
    // As much as two measurements of one page may differ in proportions.
    private const double Tolerance = 0.02;

    private readonly double left = points.Min(point => point.X);
    private readonly double top = points.Min(point => point.Y);
    private readonly double right = points.Max(point => point.X);
    private readonly double bottom = points.Max(point => point.Y);

    /// <summary>Gets the width and height of the page in the units of the coordinates; null if unknown.</summary>
    public (double Width, double Height)? Page { get; init; }

    /// <summary>Gets whether the units are not pixels: coordinates are then scaled to the size of the image.</summary>
    public bool IsScaled { get; init; }

    /// <summary>Gets the quarter turns to the right that make the line upright.</summary>
    /// <value>From 0, the default, to 3.</value>
    public int QuarterTurns { get; init; }

    /// <summary>Cuts the region out of a page. A pixel belongs to it if its centre does; the others become paper.</summary>
    /// <remarks>The grey of paper is the median of the region: most of a line is paper.</remarks>
    /// <param name="page">The upright page.</param>
    /// <param name="file">Its file, for messages.</param>
    /// <returns>The pixels of the region's bounding box that are on the page, upright.</returns>
    /// <exception cref="InvalidDataException">The page has another size, or no pixel of it is in the region.</exception>
    public GreyImage Cut(GreyImage page, string file)
    {
        (double across, double down) = Scales(page, file);
        (int firstColumn, int endColumn) = Pixels(left * across, right * across, page.Width);
        (int firstRow, int endRow) = Pixels(top * down, bottom * down, page.Height);
        (int width, int height) = (endColumn - firstColumn, endRow - firstRow);
        if (width <= 0 || height <= 0) throw Outside(page, file);

        float[] greys = new float[width * height];
        bool[] isInside = new bool[greys.Length];
        for (int row = 0; row < height; row++)
        {
            double[] crossings = Crossings((firstRow + row + 0.5) / down);
            for (int i = 0; i + 1 < crossings.Length; i += 2)
            {
                (int from, int to) = Pixels(crossings[i] * across, crossings[i + 1] * across, page.Width);
                for (int column = from; column < to; column++)
                {
                    int at = (column - firstColumn) * height + row;
                    (greys[at], isInside[at]) = (page[column, firstRow + row], true);
                }
            }
        }

        float[] inside = [.. greys.Where((_, at) => isInside[at]).Order()];
        if (inside.Length == 0) throw Outside(page, file);
        float paper = inside[inside.Length / 2];
        for (int at = 0; at < greys.Length; at++) if (!isInside[at]) greys[at] = paper;
        return new GreyImage(width, height, greys).Upright(ImageOrientation.From(QuarterTurns));
    }

    /// <summary>The points and the page, as text.</summary>
    public override string ToString() =>
        string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X},{point.Y}")))
        + (Page is { } page ? string.Create(CultureInfo.InvariantCulture, $" of {page.Width},{page.Height}") : "")
        + (IsScaled ? " scaled" : "")
        + (QuarterTurns > 0 ? string.Create(CultureInfo.InvariantCulture, $" turned {QuarterTurns}") : "");

    // The pixels whose centres are in an interval.
    private static (int First, int End) Pixels(double from, double to, int size) =>
        ((int)Math.Clamp(Math.Ceiling(from - 0.5), 0, size), (int)Math.Clamp(Math.Ceiling(to - 0.5), 0, size));

    private (double Across, double Down) Scales(GreyImage page, string file)
    {
        if (Page is not var (width, height)) return (1, 1);
        (double across, double down) = (page.Width / width, page.Height / height);
        if (!IsScaled && (page.Width, page.Height) != (width, height))
        {
            throw new InvalidDataException(
                $"{file} is {page.Width} × {page.Height} pixels large; expected {width} × {height}, as its description says.");
        }

        return Math.Abs(across / down - 1) <= Tolerance ? (across, down) : throw new InvalidDataException(
            $"{file} is {page.Width} × {page.Height} pixels large; expected the proportions of {width} × {height}, as its description says.");
    }

    // The places in which a horizontal line crosses the polygon, in order. An edge has its upper end, and not its lower one.
    private double[] Crossings(double y)
    {
        List<double> crossings = [];
        (double X, double Y) last = points[^1];
        foreach ((double X, double Y) point in points)
        {
            if (last.Y <= y != point.Y <= y) crossings.Add(last.X + (y - last.Y) * (point.X - last.X) / (point.Y - last.Y));
            last = point;
        }

        crossings.Sort();
        return [.. crossings];
    }

    private static InvalidDataException Outside(GreyImage page, string file) =>
        new($"{file} is {page.Width} × {page.Height} pixels large; expected a line on it, but no pixel is in the line's region.");
}
