using SkiaSharp;

namespace Ctc.Comparisons.Reports;

/// <summary>The image of a line as strips that follow each other, so that a page of any width shows it whole.</summary>
internal static class LineStrips
{
    private const int Widest = 240; // pixels
    private const int SearchedForCut = 60;
    private const long MostPixels = 1 << 24;

    /// <summary>Cuts a line into strips, where there is little ink.</summary>
    /// <param name="png">The image of a line, dark on light. One that is higher than wide is one strip.</param>
    /// <returns>PNGs from left to right, and their sizes in pixels; none if it is no image.</returns>
    public static IReadOnlyList<(byte[] Png, int Width, int Height)> Cut(byte[] png)
    {
        SKImageInfo size = SKBitmap.DecodeBounds(png);
        if ((long)size.Width * size.Height is 0 or > MostPixels) return [];
        using SKBitmap? line = SKBitmap.Decode(png);
        if (line is null) return [];
        if (line.Height >= line.Width) return [(png, line.Width, line.Height)];
        List<(byte[], int, int)> strips = [];
        for (int left = 0; left < line.Width;)
        {
            int right = line.Width - left <= Widest ? line.Width : FindCut(line, left);
            using var strip = new SKBitmap();
            line.ExtractSubset(strip, SKRectI.Create(left, 0, right - left, line.Height));
            using SKData encoded = strip.Encode(SKEncodedImageFormat.Png, quality: 100);
            strips.Add((encoded.ToArray(), right - left, line.Height));
            left = right;
        }

        return strips;
    }

    // The column with the least ink near the end of a strip, the last one of several.
    private static int FindCut(SKBitmap line, int left) => Enumerable.Range(left + Widest - SearchedForCut + 1, SearchedForCut)
        .Reverse()
        .MinBy(x => Enumerable.Range(0, line.Height).Sum(y => 255 - line.GetPixel(x, y).Red));
}
