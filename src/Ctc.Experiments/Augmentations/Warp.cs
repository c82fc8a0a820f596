namespace Ctc.Experiments.Augmentations;

/// <summary>Bends a line image: each new pixel is interpolated at a place of the old image, whose surroundings are paper.</summary>
internal static class Warp
{
    /// <summary>Interpolates bilinearly. Additions and multiplications alone, so the same numbers on every machine.</summary>
    /// <param name="image">Columns of pixels.</param>
    /// <param name="frames">The columns of the new image.</param>
    /// <param name="source">The place in the old image of a column and a row of the new one; pixels are at whole numbers.</param>
    /// <returns>An image of the same rows.</returns>
    public static Features Sample(Features image, int frames, Func<int, int, (double Frame, double Row)> source)
    {
        float[] values = new float[frames * image.Size];
        for (int t = 0; t < frames; t++)
        {
            for (int row = 0; row < image.Size; row++)
            {
                (double x, double y) = source(t, row);
                (double left, double top) = (Math.Floor(x), Math.Floor(y));
                (double across, double down) = (x - left, y - top);
                (int column, int line) = ((int)left, (int)top);
                double above = ((1 - across) * image[column, line]) + (across * image[column + 1, line]);
                double below = ((1 - across) * image[column, line + 1]) + (across * image[column + 1, line + 1]);
                values[(t * image.Size) + row] = (float)(((1 - down) * above) + (down * below));
            }
        }

        return new Features(values, frames, image.Size);
    }

    /// <summary>The row in the middle, and the column in the middle.</summary>
    public static (double Frame, double Row) Middle(Features image) => ((image.Frames - 1) / 2.0, (image.Size - 1) / 2.0);
}
