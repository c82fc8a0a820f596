using SkiaSharp;

namespace Ctc.Comparisons.Tests.Reports;

/// <summary>Images of lines: black columns on white paper.</summary>
internal static class WrittenLine
{
    public static byte[] Png(int width, int height, params int[] black)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Gray8, SKAlphaType.Opaque);
        bitmap.Erase(SKColors.White);
        foreach (int x in black)
        {
            for (int y = 0; y < height; y++) bitmap.SetPixel(x, y, SKColors.Black);
        }

        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }
}
