using Ctc.Hosting;
using SkiaSharp;

namespace Ctc.Experiments.Data.Common;

/// <summary>Image files: PNG, JPEG, WebP, BMP, GIF and TIFF.</summary>
internal static class ImageFile
{
    /// <summary>The extensions of image files, the first ones taken first where a folder has several of one name.</summary>
    public static readonly IReadOnlyList<string> Extensions = [".png", ".tif", ".tiff", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"];

    /// <summary>The formats, for messages.</summary>
    public const string Formats = "a PNG, JPEG, WebP, BMP, GIF or TIFF";

    /// <summary>Decodes an image in greys, in the orientation that the file says.</summary>
    /// <param name="file">A path.</param>
    /// <param name="page">The page of a TIFF, from 1; null if it has one.</param>
    /// <param name="mostPixels">The pixels of the largest image.</param>
    /// <exception cref="InvalidDataException">There is no such file, it is no image or a damaged one, or it is too large.</exception>
    public static GreyImage Decode(string file, int? page, long mostPixels)
    {
        if (Directory.Exists(file)) throw new InvalidDataException($"{file} is a folder; expected an image of one line.");
        if (!File.Exists(file)) throw new InvalidDataException($"{file} does not exist; expected an image of one line.");
        if (RegularFile.IsHollow(file)) throw new InvalidDataException($"{file} is empty, or a pipe or a device; expected an image of one line.");
        return StartsAsTiff(file) ? TiffImage.Decode(file, page, mostPixels)
            : page is null or 1 ? Decode(file, mostPixels)
            : throw new InvalidDataException($"{file} is no TIFF and has one page; expected a page {page}.");
    }

    /// <summary>The refusal of a large image.</summary>
    public static InvalidDataException TooLarge(string file, int width, int height, long mostPixels) =>
        new($"{file} is {width} × {height} pixels large; expected at most {mostPixels} pixels.");

    private static bool StartsAsTiff(string file)
    {
        Span<byte> start = stackalloc byte[4];
        using FileStream content = File.OpenRead(file);
        return content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && TiffImage.IsTiff(start);
    }

    private static GreyImage Decode(string file, long mostPixels)
    {
        using var codec = SKCodec.Create(file, out SKCodecResult opened);
        if (codec is null)
        {
            throw new InvalidDataException($"{file} cannot be read as an image ({opened}); expected an image of one line, {Formats}.");
        }

        SKImageInfo size = codec.Info;
        if ((long)size.Width * size.Height > mostPixels) throw TooLarge(file, size.Width, size.Height, mostPixels);
        using var bitmap = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        SKCodecResult decoded = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        return decoded == SKCodecResult.Success ? GreyImage.FromBitmap(bitmap).Upright(Orientation(codec, file))
            : throw new InvalidDataException($"{file} is a damaged image ({decoded}); expected an image of one line.");
    }

    private static SKEncodedOrigin Orientation(SKCodec codec, string file)
    {
        if (codec.EncodedFormat != SKEncodedImageFormat.Png) return codec.EncodedOrigin;
        using FileStream png = File.OpenRead(file);
        return PngOrientation.Read(png);
    }
}
