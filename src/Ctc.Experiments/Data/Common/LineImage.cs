using System.Runtime.InteropServices;
using Ctc.Experiments.Files;
using Ctc.Experiments.Texts;
using SkiaSharp;

namespace Ctc.Experiments.Data.Common;

/// <summary>Lines as images: one frame a column, dark ink on white paper.</summary>
public static class LineImage
{
    /// <summary>The most frames that an image may become. A line of the longest digits has a fraction of it.</summary>
    public const int MaxFrames = 8192;

    // Raised by hand when the same image gives other features: kept ones of earlier versions are then not found.
    private const int Version = 1;

    private const long MaxPixels = 1 << 25;

    /// <summary>Writes an utterance as a grey PNG, through a temporary file, so that a partial file is never visible.</summary>
    /// <param name="file">A path in an existing folder.</param>
    /// <param name="utterance">At least one frame of greys from 0, paper, to 1, ink, each frame from the top.</param>
    /// <param name="direction">The direction of the frames across the image, as for <see cref="Load"/>; by default from left to right.</param>
    /// <exception cref="ArgumentException">The utterance has no frames.</exception>
    public static void Write(string file, Utterance utterance, ReadingDirection direction = ReadingDirection.LeftToRight)
    {
        ArgumentNullException.ThrowIfNull(utterance);
        if (utterance.Frames == 0) throw new ArgumentException($"Utterance {utterance.Id} has no frames; expected at least one column to draw.");

        float[] features = utterance.ReadFeatures();
        int rows = features.Length / utterance.Frames;
        SKEncodedOrigin origin = ImageOrientation.From(direction);
        (int width, int height) = ImageOrientation.Transposes(origin) ? (rows, utterance.Frames) : (utterance.Frames, rows);
        using var bitmap = new SKBitmap(width, height, SKColorType.Gray8, SKAlphaType.Opaque);
        Span<byte> pixels = bitmap.GetPixelSpan();
        for (int i = 0; i < features.Length; i++)
        {
            byte ink = (byte)Math.Round(255 * Math.Clamp(features[i], 0f, 1f));
            (int x, int y) = ImageOrientation.Stored(origin, width, height, i / rows, i % rows);
            pixels[y * bitmap.RowBytes + x] = (byte)(255 - ink);
        }

        PngFile.Write(file, bitmap);
    }

    /// <summary>Writes an utterance under its id.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="utterance">As for <see cref="Write"/>; the name of the file is made of its id.</param>
    /// <param name="direction">As for <see cref="Write"/>.</param>
    /// <returns>The file; null if the utterance has no frames.</returns>
    internal static string? WriteInto(string folder, Utterance utterance, ReadingDirection direction = ReadingDirection.LeftToRight)
    {
        if (utterance.Frames == 0) return null;
        string file = Path.Combine(folder, FileName.From(utterance.Id) + ".png");
        Write(file, utterance, direction);
        return file;
    }

    /// <summary>Reads an image of one line. The inverse of <see cref="Write"/>, to 1/255.</summary>
    /// <param name="file">
    /// A PNG, JPEG, WebP, BMP, GIF or TIFF of one page, with dark ink on light paper. Colours become grey, transparent pixels are paper, and the
    /// orientation that a camera or a scanner stores in the file (EXIF) is applied.
    /// </param>
    /// <param name="height">The rows of a frame; an image of another height is scaled, keeping its proportions.</param>
    /// <param name="direction">
    /// The direction in which the line is read; by default from left to right. The frames of a vertical line are its rows, and its width is scaled.
    /// </param>
    /// <returns>An utterance with the file's name and an empty target.</returns>
    /// <exception cref="InvalidDataException">There is no such file, it is no image or a damaged one, or it is too large.</exception>
    public static Utterance Load(string file, int height, ReadingDirection direction = ReadingDirection.LeftToRight)
    {
        float[] features = LoadFeatures(file, height, direction);
        return new Utterance(Path.GetFileName(file), features, features.Length / height, []);
    }

    /// <summary>Everything but the image that its features depend on: versions, processor and options.</summary>
    internal static string Method(int height, ReadingDirection direction) =>
        $"line image {Version}, Skia {SkiaSharpVersion.Native}, {RuntimeInformation.ProcessArchitecture}, height {height}, {direction}";

    /// <summary>Reads only the features of an image: a frame a column, <paramref name="height"/> numbers each.</summary>
    /// <inheritdoc cref="Load"/>
    internal static float[] LoadFeatures(string file, int height, ReadingDirection direction) =>
        LoadFeatures(new ImagePart(file), new PageImages(), height, direction);

    /// <summary>Reads only the features of a line, perhaps of a region of a page.</summary>
    /// <param name="part">The pixels.</param>
    /// <param name="pages">Decodes pages, and keeps them for their other lines.</param>
    /// <param name="height">The rows of a frame.</param>
    /// <param name="direction">The direction in which the line is read.</param>
    /// <exception cref="InvalidDataException">As from <see cref="Load"/>, or the page has other pixels than its description says.</exception>
    internal static float[] LoadFeatures(ImagePart part, PageImages pages, int height, ReadingDirection direction)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        SKEncodedOrigin origin = ImageOrientation.From(direction);
        GreyImage image = Decode(part, pages).Upright(origin);
        if ((long)image.Width * height > (long)MaxFrames * image.Height)
        {
            string turned = ImageOrientation.Transposes(origin) ? " when turned" : "";
            string what = part.Region is null ? part.File : $"a line of {part.File}";
            throw new InvalidDataException(
                $"{what} is {image.Width} × {image.Height} pixels large{turned}; expected at most {MaxFrames} columns at a height of {height}.");
        }

        ReadOnlySpan<float> greys = image.ScaledTo(height).Greys; // in the order of features
        float[] features = new float[greys.Length];
        for (int i = 0; i < features.Length; i++) features[i] = (255 - greys[i]) / 255f;
        return features;
    }

    private static GreyImage Decode(ImagePart part, PageImages pages) => part.Region is { } region
        ? region.Cut(pages.Find(part), part.File)
        : ImageFile.Decode(part.File, part.Page, MaxPixels);
}
