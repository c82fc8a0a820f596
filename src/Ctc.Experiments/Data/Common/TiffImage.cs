using BitMiracle.LibTiff.Classic;
using SkiaSharp;

namespace Ctc.Experiments.Data.Common;

/// <summary>Reads TIFF: pages of one bit, greys, palettes or colours, in every compression that the library knows.</summary>
internal static class TiffImage
{
    private const int Thumbnail = (int)FileType.REDUCEDIMAGE;

    [ThreadStatic]
    private static string? complaint;

    // The library has one handler for all files; each file is read by one thread.
    static TiffImage() => Tiff.SetErrorHandler(new Complaints());

    /// <summary>Whether a file begins as TIFF does.</summary>
    /// <param name="start">Its first four bytes.</param>
    public static bool IsTiff(ReadOnlySpan<byte> start) => start is [(byte)'I', (byte)'I', 42 or 43, 0] or [(byte)'M', (byte)'M', 0, 42 or 43];

    /// <summary>Decodes one page, upright.</summary>
    /// <param name="file">A file that begins as TIFF does.</param>
    /// <param name="page">Its number, from 1; null if there is one.</param>
    /// <param name="mostPixels">The pixels of the largest page.</param>
    /// <exception cref="InvalidDataException">The file is damaged or has no such page, or the page is too large.</exception>
    public static GreyImage Decode(string file, int? page, long mostPixels)
    {
        complaint = null;
        try
        {
            using Tiff tiff = Tiff.Open(file, "r") ?? throw Damaged(file);
            List<short> pages = Pages(tiff);
            int number = page ?? 1;
            if (page is null && pages.Count > 1)
            {
                throw new InvalidDataException($"{file} has {pages.Count} pages; expected one, or a key image-page in JSON Lines.");
            }

            if (number > pages.Count) throw new InvalidDataException($"{file} has {pages.Count} pages; expected a page {number}.");
            return tiff.SetDirectory(pages[number - 1]) ? Decode(tiff, file, mostPixels) : throw Damaged(file);
        }
        catch (Exception failure) when (failure is not InvalidDataException)
        {
            complaint ??= failure.Message; // of bounds, numbers, memory or a null: the library trusts what it reads
            throw Damaged(file, failure);
        }
    }

    // The directories that are no small copies of others.
    private static List<short> Pages(Tiff tiff)
    {
        List<short> pages = [];
        do
        {
            bool isThumbnail = tiff.GetField(TiffTag.SUBFILETYPE) is [var kind, ..] && (kind.ToInt() & Thumbnail) != 0;
            if (!isThumbnail) pages.Add(tiff.CurrentDirectory());
        }
        while (tiff.ReadDirectory());
        return pages;
    }

    private static GreyImage Decode(Tiff tiff, string file, long mostPixels)
    {
        (int width, int height) = (Field(tiff, TiffTag.IMAGEWIDTH), Field(tiff, TiffTag.IMAGELENGTH));
        if (width <= 0 || height <= 0) throw Damaged(file);
        if ((long)width * height > mostPixels) throw ImageFile.TooLarge(file, width, height, mostPixels);
        int stored = Field(tiff, TiffTag.ORIENTATION);
        SKEncodedOrigin origin = stored is >= (int)SKEncodedOrigin.TopLeft and <= (int)SKEncodedOrigin.LeftBottom
            ? (SKEncodedOrigin)stored
            : SKEncodedOrigin.TopLeft;

        // In the orientation of the file the library turns nothing.
        int[] pixels = new int[width * height];
        if (!tiff.ReadRGBAImageOriented(width, height, pixels, (Orientation)(int)origin, stopOnError: true)) throw Damaged(file);
        float[] greys = new float[pixels.Length];
        for (int at = 0; at < pixels.Length; at++)
        {
            int pixel = pixels[at]; // premultiplied by its alpha
            int thousandths = GreyImage.Brightness(Tiff.GetR(pixel), Tiff.GetG(pixel), Tiff.GetB(pixel));
            greys[at % width * height + at / width] = thousandths / 1000f + 255 - Tiff.GetA(pixel);
        }

        return new GreyImage(width, height, greys).Upright(origin);
    }

    private static int Field(Tiff tiff, TiffTag tag) => tiff.GetField(tag) is [var value, ..] ? value.ToInt() : 0;

    private static InvalidDataException Damaged(string file, Exception? cause = null)
    {
        string reason = complaint is null ? "" : $" ({complaint.ReplaceLineEndings(" ").TrimEnd('.')})";
        return new InvalidDataException($"{file} is a damaged image{reason}; expected a TIFF.", cause);
    }

    /// <summary>Keeps the first error of the file that a thread reads; warnings are about tags that no pixel depends on.</summary>
    private sealed class Complaints : TiffErrorHandler
    {
        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args) =>
            complaint ??= string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args);

        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }

        public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }
    }
}
