using Ctc.Experiments.Files;
using Ctc.Experiments.Texts;
using SkiaSharp;

namespace Ctc.Experiments.Data.Common;

/// <summary>Lines as images: one frame a column, dark ink on white paper.</summary>
public static class LineImage
{
    /// <summary>The most frames that an image may become. A line of the longest digits has a fraction of it.</summary>
    public const int MaxFrames = 8192;

    private const long MaxPixels = 1 << 25;

    /// <summary>Writes an utterance as a grey PNG, through a temporary file, so that a partial file is never visible.</summary>
    /// <param name="file">A path in an existing folder.</param>
    /// <param name="utterance">At least one frame of greys from 0, paper, to 1, ink, each frame from the top.</param>
    /// <exception cref="ArgumentException">The utterance has no frames.</exception>
    public static void Write(string file, Utterance utterance)
    {
        ArgumentNullException.ThrowIfNull(utterance);
        if (utterance.Frames == 0) throw new ArgumentException($"Utterance {utterance.Id} has no frames; expected at least one column to draw.");

        int height = utterance.Features.Length / utterance.Frames;
        using var bitmap = new SKBitmap(utterance.Frames, height, SKColorType.Gray8, SKAlphaType.Opaque);
        Span<byte> pixels = bitmap.GetPixelSpan();
        for (int i = 0; i < utterance.Features.Length; i++)
        {
            byte ink = (byte)Math.Round(255 * Math.Clamp(utterance.Features[i], 0f, 1f));
            pixels[i % height * bitmap.RowBytes + i / height] = (byte)(255 - ink);
        }

        PngFile.Write(file, bitmap);
    }

    /// <summary>Writes an utterance under its id.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="utterance">As for <see cref="Write"/>; the name of the file is made of its id.</param>
    /// <returns>The file; null if the utterance has no frames.</returns>
    internal static string? WriteInto(string folder, Utterance utterance)
    {
        if (utterance.Frames == 0) return null;
        string file = Path.Combine(folder, FileName.From(utterance.Id) + ".png");
        Write(file, utterance);
        return file;
    }

    /// <summary>Reads an image of one line. The inverse of <see cref="Write"/>, to 1/255.</summary>
    /// <param name="file">A PNG, JPEG, WebP, BMP or GIF of dark ink on light paper; colours become grey, and transparent pixels are paper.</param>
    /// <param name="height">The rows of a frame; an image of another height is scaled, keeping its proportions.</param>
    /// <returns>An utterance with the file's name and an empty target.</returns>
    /// <exception cref="InvalidDataException">There is no such file, it is no image or a damaged one, or it is too large.</exception>
    public static Utterance Load(string file, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (!File.Exists(file)) throw new InvalidDataException($"{file} does not exist; expected an image of one line.");
        GreyImage image = Decode(file, height).ScaledTo(height);
        float[] features = new float[image.Width * height];
        for (int i = 0; i < features.Length; i++) features[i] = (255 - image[i / height, i % height]) / 255f;
        return new Utterance(Path.GetFileName(file), features, image.Width, []);
    }

    private static GreyImage Decode(string file, int height)
    {
        using var codec = SKCodec.Create(file, out SKCodecResult opened);
        if (codec is null) throw new InvalidDataException($"{file} cannot be read as an image ({opened}); expected an image of one line.");

        SKImageInfo size = codec.Info;
        if ((long)size.Width * size.Height > MaxPixels)
        {
            throw new InvalidDataException($"{file} is {size.Width} × {size.Height} pixels large; expected one line of at most {MaxPixels} pixels.");
        }

        if ((long)size.Width * height > (long)MaxFrames * size.Height)
        {
            throw new InvalidDataException(
                $"{file} is {size.Width} × {size.Height} pixels large; expected at most {MaxFrames} columns at a height of {height}.");
        }

        using var bitmap = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        SKCodecResult decoded = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (decoded != SKCodecResult.Success)
        {
            throw new InvalidDataException($"{file} is a damaged image ({decoded}); expected an image of one line.");
        }
        return GreyImage.FromBitmap(bitmap);
    }
}
