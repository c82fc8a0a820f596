using SkiaSharp;

namespace Ctc.Experiments.Data.Common;

/// <summary>An image in greys, from 0, black, to 255, white.</summary>
/// <param name="width">Its columns.</param>
/// <param name="height">Its rows.</param>
/// <param name="greys">[width, height], column by column.</param>
internal sealed class GreyImage(int width, int height, float[] greys)
{
    public int Width => width;

    public int Height => height;

    /// <summary>Gets the greys, column by column.</summary>
    public ReadOnlySpan<float> Greys => greys;

    public float this[int column, int row] => greys[column * height + row];

    /// <summary>The brightness of a colour (Rec. 601), in thousandths: the weights are integers, so that a grey pixel is unchanged.</summary>
    public static int Brightness(int red, int green, int blue) => 299 * red + 587 * green + 114 * blue;

    /// <summary>Converts colours to brightness, with white paper behind transparent pixels.</summary>
    /// <param name="bitmap">Four bytes a pixel, red, green, blue and alpha, not premultiplied.</param>
    public static GreyImage FromBitmap(SKBitmap bitmap)
    {
        float[] greys = new float[bitmap.Width * bitmap.Height];
        ReadOnlySpan<byte> pixels = bitmap.GetPixelSpan();
        (int width, int height, int rowBytes) = (bitmap.Width, bitmap.Height, bitmap.RowBytes);
        for (int row = 0; row < height; row++)
        {
            ReadOnlySpan<byte> line = pixels.Slice(row * rowBytes, 4 * width);
            for (int column = 0; column < width; column++)
            {
                ReadOnlySpan<byte> rgba = line.Slice(4 * column, 4);
                greys[column * height + row] = 255 + (Brightness(rgba[0], rgba[1], rgba[2]) / 1000f - 255) * rgba[3] / 255;
            }
        }

        return new GreyImage(width, height, greys);
    }

    /// <summary>Turns or reflects stored pixels into the upright image.</summary>
    /// <returns>This image itself if it is upright.</returns>
    public GreyImage Upright(SKEncodedOrigin origin)
    {
        if (origin == SKEncodedOrigin.TopLeft) return this;
        (int newWidth, int newHeight) = ImageOrientation.Transposes(origin) ? (height, width) : (width, height);
        float[] turned = new float[newWidth * newHeight];
        for (int i = 0; i < turned.Length; i++)
        {
            (int x, int y) = ImageOrientation.Stored(origin, width, height, i / newHeight, i % newHeight);
            turned[i] = this[x, y];
        }

        return new GreyImage(newWidth, newHeight, turned);
    }

    /// <summary>Scales to a height, keeping the proportions. Each new pixel is the mean of the area it covers.</summary>
    /// <returns>At least one column; this image itself if it has the height.</returns>
    public GreyImage ScaledTo(int newHeight)
    {
        if (newHeight == height) return this;
        int newWidth = Math.Max(1, (int)Math.Round((double)width * newHeight / height));
        (double across, double down) = ((double)width / newWidth, (double)height / newHeight);
        float[] scaled = new float[newWidth * newHeight];
        for (int column = 0; column < newWidth; column++)
        {
            for (int row = 0; row < newHeight; row++)
            {
                scaled[column * newHeight + row] = Mean(column * across, (column + 1) * across, row * down, (row + 1) * down);
            }
        }

        return new GreyImage(newWidth, newHeight, scaled);
    }

    private float Mean(double left, double right, double top, double bottom)
    {
        double sum = 0, lastColumn = Math.Min(right, width), lastRow = Math.Min(bottom, height);
        for (int column = (int)left; column < lastColumn; column++)
        {
            double share = Math.Min(right, column + 1) - Math.Max(left, column);
            ReadOnlySpan<float> rows = greys.AsSpan(column * height, height);
            for (int row = (int)top; row < lastRow; row++)
            {
                sum += share * (Math.Min(bottom, row + 1) - Math.Max(top, row)) * rows[row];
            }
        }

        return (float)(sum / ((right - left) * (bottom - top)));
    }
}
