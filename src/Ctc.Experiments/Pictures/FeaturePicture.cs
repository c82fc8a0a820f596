using SkiaSharp;

namespace Ctc.Experiments.Pictures;

/// <summary>Draws features below each other, such as the views of an utterance: one column a frame, the first feature on top.</summary>
public static class FeaturePicture
{
    private const float Margin = 18, Top = 40, Heading = 22, WidestPlot = 900, LargestPixel = 8, NarrowestSheet = 300;

    /// <summary>Writes the picture as PNG, through a temporary file, so that a partial file is never visible.</summary>
    /// <param name="file">A path in an existing folder.</param>
    /// <param name="title">The line on top.</param>
    /// <param name="rows">
    /// Features with their headings, at least one. All have one scale of greys: the smallest number white, the largest black.
    /// </param>
    public static void Write(string file, string title, IReadOnlyList<(string Heading, Features Features)> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int longest = Math.Max(1, rows.Max(row => row.Features.Frames));
        float pixel = Math.Min(LargestPixel, WidestPlot / longest);
        float[] finite = [.. rows.SelectMany(row => row.Features.Values).Where(float.IsFinite)];
        float smallest = Math.Min(0, finite.DefaultIfEmpty().Min()), largest = Math.Max(1, finite.DefaultIfEmpty().Max());
        float height = Top + rows.Sum(row => Heading + (row.Features.Size * pixel)) + Margin;
        using var sheet = new Sheet(Math.Max(NarrowestSheet, (2 * Margin) + (longest * pixel)), height, new TimeAxis(Margin, pixel, longest));
        sheet.Text(title, Margin, 26, 13, Palette.Ink);
        float y = Top;
        foreach ((string heading, Features features) in rows)
        {
            sheet.Text(heading, Margin, y + Heading - 7, 10, Palette.Quiet);
            var area = SKRect.Create(Margin, y + Heading, features.Frames * pixel, features.Size * pixel);
            sheet.Cells(
                area, features.Frames, features.Size, (t, row) => Palette.At(Palette.Greys, (features[t, row] - smallest) / (largest - smallest)));
            sheet.Outline(area, Palette.Faint);
            y += Heading + area.Height;
        }

        sheet.Write(file);
    }
}
