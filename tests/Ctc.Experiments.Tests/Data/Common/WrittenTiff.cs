using BitMiracle.LibTiff.Classic;

namespace Ctc.Experiments.Tests.Data.Common;

/// <summary>TIFF files of 10 × 2 pixels of one bit, where 0 is white.</summary>
internal static class WrittenTiff
{
    private const int Width = 10, Height = 2, BytesOfRow = 2;

    /// <param name="file">The path.</param>
    /// <param name="compression">Of all pages.</param>
    /// <param name="pages">The rows of each page, two bytes each.</param>
    /// <param name="orientation">Of all pages.</param>
    public static void Save(string file, Compression compression, byte[][] pages, Orientation orientation = Orientation.TOPLEFT)
    {
        using Tiff tiff = Tiff.Open(file, "w");
        foreach (byte[] rows in pages)
        {
            tiff.SetField(TiffTag.IMAGEWIDTH, Width);
            tiff.SetField(TiffTag.IMAGELENGTH, Height);
            tiff.SetField(TiffTag.BITSPERSAMPLE, 1);
            tiff.SetField(TiffTag.SAMPLESPERPIXEL, 1);
            tiff.SetField(TiffTag.ROWSPERSTRIP, Height);
            tiff.SetField(TiffTag.COMPRESSION, compression);
            tiff.SetField(TiffTag.PHOTOMETRIC, Photometric.MINISWHITE);
            tiff.SetField(TiffTag.ORIENTATION, orientation);
            for (int row = 0; row < Height; row++) tiff.WriteScanline(rows[(row * BytesOfRow)..((row + 1) * BytesOfRow)], row);
            tiff.WriteDirectory();
        }
    }
}
