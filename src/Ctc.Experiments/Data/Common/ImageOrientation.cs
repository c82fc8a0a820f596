using SkiaSharp;

namespace Ctc.Experiments.Data.Common;

/// <summary>Turns and reflections of images, in the terms of EXIF: the position of the first row and column of the stored pixels.</summary>
/// <remarks>Source: CIPA DC-008, Exchangeable image file format for digital still cameras, tag Orientation.</remarks>
internal static class ImageOrientation
{
    /// <summary>The orientation of stored pixels that makes the order of frames left to right.</summary>
    public static SKEncodedOrigin From(ReadingDirection direction) => direction switch
    {
        ReadingDirection.LeftToRight or ReadingDirection.Auto => SKEncodedOrigin.TopLeft,
        ReadingDirection.RightToLeft => SKEncodedOrigin.TopRight, // reflected
        ReadingDirection.TopToBottom => SKEncodedOrigin.LeftBottom, // a quarter to the left
        ReadingDirection.BottomToTop => SKEncodedOrigin.RightTop, // a quarter to the right
        _ => throw new ArgumentOutOfRangeException(nameof(direction)),
    };

    /// <summary>The orientation of stored pixels that are upright after some quarter turns to the right, 0 to 3.</summary>
    public static SKEncodedOrigin From(int quarterTurns) => quarterTurns switch
    {
        0 => SKEncodedOrigin.TopLeft,
        1 => SKEncodedOrigin.RightTop,
        2 => SKEncodedOrigin.BottomRight,
        3 => SKEncodedOrigin.LeftBottom,
        _ => throw new ArgumentOutOfRangeException(nameof(quarterTurns)),
    };

    /// <summary>Whether rows and columns are exchanged.</summary>
    public static bool Transposes(SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;

    /// <summary>The stored pixel that is shown at a place of the upright image.</summary>
    /// <param name="origin">The orientation.</param>
    /// <param name="width">The columns of the stored image.</param>
    /// <param name="height">The rows of the stored image.</param>
    /// <param name="column">A column of the upright image.</param>
    /// <param name="row">A row of the upright image.</param>
    /// <returns>Column and row of the stored image.</returns>
    public static (int X, int Y) Stored(SKEncodedOrigin origin, int width, int height, int column, int row)
    {
        (int x, int y) = Transposes(origin) ? (row, column) : (column, row);
        bool fromRight = origin
            is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        bool fromBottom = origin
            is SKEncodedOrigin.BottomLeft or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;
        return (fromRight ? width - 1 - x : x, fromBottom ? height - 1 - y : y);
    }
}
