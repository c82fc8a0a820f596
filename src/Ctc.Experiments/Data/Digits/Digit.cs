using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.Digits;

/// <summary>One handwritten digit.</summary>
/// <param name="Row">Its line in the file, from 1; it identifies the digit.</param>
/// <param name="Label">0 to 9.</param>
/// <param name="Glyph">Its image, as tall as <see cref="Size"/>; the token is the label and 1, for 0 is the blank.</param>
internal sealed record Digit(int Row, int Label, Glyph Glyph)
{
    /// <summary>The rows, and the most columns, of a digit.</summary>
    public const int Size = 8;

    /// <summary>Turns rows of pixels into columns of ink and cuts the bare columns at both sides.</summary>
    /// <param name="row">The digit's line in its file.</param>
    /// <param name="label">0 to 9.</param>
    /// <param name="pixels">64 pixels, 0 to 16, row by row. At least one is not 0.</param>
    public static Digit Cut(int row, int label, ReadOnlySpan<int> pixels)
    {
        Span<float> columns = stackalloc float[Size * Size];
        for (int i = 0; i < pixels.Length; i++) columns[i % Size * Size + i / Size] = pixels[i] / 16f;
        return new Digit(row, label, Glyph.Cut(label + 1, Size, columns));
    }
}
