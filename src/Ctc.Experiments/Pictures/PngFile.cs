using SkiaSharp;

namespace Ctc.Experiments.Pictures;

/// <summary>Writes pictures so that nobody ever sees half of one: beside their place, then renamed.</summary>
internal static class PngFile
{
    /// <summary>Writes a bitmap as PNG.</summary>
    public static void Write(string file, SKBitmap bitmap)
    {
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        Write(file, png.Span);
    }

    /// <summary>Writes the bytes of a PNG.</summary>
    public static void Write(string file, ReadOnlySpan<byte> png)
    {
        string aside = file + ".new";
        File.WriteAllBytes(aside, png);
        File.Move(aside, file, overwrite: true);
    }
}
