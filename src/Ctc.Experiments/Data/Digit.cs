namespace Ctc.Experiments.Data;

/// <summary>One handwritten digit, cut to the columns that hold ink.</summary>
/// <param name="Row">Its line in the file, from 1: what tells two digits apart.</param>
/// <param name="Label">0 to 9.</param>
/// <param name="Ink">[width, 8] ink from 0, paper, to 1, column by column and each from the top.</param>
internal sealed record Digit(int Row, int Label, float[] Ink)
{
    /// <summary>The rows, and the most columns, of a digit.</summary>
    public const int Size = 8;

    /// <summary>Gets the columns from the first with ink to the last.</summary>
    public int Width => Ink.Length / Size;

    /// <summary>Turns rows of pixels into columns of ink and cuts the blank columns at both sides.</summary>
    /// <param name="row">The digit's line in its file.</param>
    /// <param name="label">0 to 9.</param>
    /// <param name="pixels">64 pixels, 0 to 16, row by row. At least one is not 0.</param>
    public static Digit Cut(int row, int label, ReadOnlySpan<int> pixels)
    {
        Span<float> columns = stackalloc float[Size * Size];
        for (int i = 0; i < pixels.Length; i++) columns[i % Size * Size + i / Size] = pixels[i] / 16f;

        int first = columns.IndexOfAnyExcept(0f) / Size;
        int last = columns.LastIndexOfAnyExcept(0f) / Size;
        return new Digit(row, label, columns[(first * Size)..((last + 1) * Size)].ToArray());
    }
}
