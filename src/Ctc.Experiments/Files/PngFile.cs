using SkiaSharp;

namespace Ctc.Experiments.Files;

/// <summary>Bitmaps as PNG files.</summary>
internal static class PngFile
{
    // Each row as its difference from the one above. The search for the best filter of each row, and level 6 of the compression, take six times
    // as long for pictures that are a fifth smaller.
    private static readonly SKPngEncoderOptions Quick = new(SKPngEncoderFilterFlags.Up, zLibLevel: 3);

    /// <summary>Writes or replaces a file, whole or not at all.</summary>
    public static void Write(string file, SKBitmap bitmap)
    {
        using SKPixmap pixels = bitmap.PeekPixels();
        using SKData png = pixels.Encode(Quick) ?? throw new IOException($"{file}: {bitmap.Width} × {bitmap.Height} pixels cannot be encoded");
        WholeFile.Write(file, png.ToArray());
    }
}
