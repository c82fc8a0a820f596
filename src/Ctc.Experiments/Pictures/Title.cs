using SkiaSharp;

namespace Ctc.Experiments.Pictures;

/// <summary>The line on top of a picture: the target and the decoded text.</summary>
internal static class Title
{
    private const float Largest = 17;
    private const float Smallest = 8;
    private const float Margin = 18;

    /// <summary>Draws the title as large as it fits.</summary>
    public static void Draw(Sheet sheet, AlignmentDrawing drawing)
    {
        List<(string Text, SKColor Colour)> parts = [.. Parts(drawing)];
        float room = sheet.Width - 2 * Margin;
        float size = Math.Clamp(Largest * room / parts.Sum(part => Sheet.Measure(part.Text, Largest)), Smallest, Largest);
        float x = Margin;
        foreach ((string text, SKColor colour) in parts) x = sheet.Text(text, x, 32, size, colour);
        sheet.Text(drawing.Utterance.Id, Margin, 48, 10, Palette.Quiet);
    }

    private static IEnumerable<(string Text, SKColor Colour)> Parts(AlignmentDrawing drawing)
    {
        string target = drawing.Alphabet.Format(drawing.Utterance.Target);
        bool right = target == drawing.Decoded;
        if (drawing.HasTarget)
        {
            yield return ("target ", Palette.Quiet);
            yield return (Visible(target) + "    ", Palette.Ink);
        }

        yield return ("read ", Palette.Quiet);
        yield return (Visible(drawing.Decoded), right || !drawing.HasTarget ? Palette.Ink : Palette.Wrong);
        if (drawing.HasTarget) yield return (right ? " ✓" : " ✗", right ? Palette.Ink : Palette.Wrong);
    }

    /// <summary>A text, or a sign for none.</summary>
    internal static string Visible(string text) => text.Length == 0 ? "∅" : text;
}
