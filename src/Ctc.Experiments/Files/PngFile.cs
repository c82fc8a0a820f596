using SkiaSharp;

namespace Ctc.Experiments.Files;

/// <summary>Bitmaps as PNG files.</summary>
internal static class PngFile
{
    /// <summary>Writes or replaces a file, whole or not at all.</summary>
    public static void Write(string file, SKBitmap bitmap)
    {
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        WholeFile.Write(file, png.ToArray());
    }
}
