using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Readings;
using Ctc.Experiments.Texts;
using SkiaSharp;

namespace Ctc.Experiments.Pictures;

/// <summary>The lines on top of a picture: the target above the decoded text, with the differences in another colour.</summary>
internal static class Title
{
    private const float Largest = 17;
    private const float Smallest = 8;
    private const float Margin = 18;
    private const float Target = 24, Read = 46, Alone = 36, Name = 62; // baselines

    /// <summary>Draws the title as large as it fits.</summary>
    public static void Draw(Sheet sheet, AlignmentDrawing drawing)
    {
        string target = drawing.Format(drawing.Utterance.Target);
        if (drawing.HasTarget) DrawBoth(sheet, target, drawing.Decoded);
        else DrawRow(sheet, "read ", Alone, [(Visible(drawing.Decoded), 0, Palette.Ink)], Fit(sheet, Sheet.Measure(drawing.Decoded, Largest)));
        sheet.Text(drawing.Utterance.Id, Margin, Name, 10, Palette.Quiet);
    }

    private static void DrawBoth(Sheet sheet, string target, string decoded)
    {
        ReadPair[] pairs = WritingDirection.IsRightToLeft(target + decoded) || target.Length == 0 || decoded.Length == 0
            ? [new ReadPair(Visible(target), Visible(decoded))] // joined letters are drawn as a whole
            : [.. ReadPair.Align(UnicodeText.SplitCharacters(target), UnicodeText.SplitCharacters(decoded))];
        string mark = target == decoded ? " ✓" : " ✗";
        float size = Fit(sheet, pairs.Sum(pair => Width(pair, Largest)) + Sheet.Measure(mark, Largest));
        List<(string Text, float X, SKColor Colour)> there = [], read = [];
        float x = 0;
        foreach (ReadPair pair in pairs)
        {
            there.Add((pair.ShownReference, x, Palette.Ink));
            read.Add((pair.ShownHypothesis, x, pair.IsRight ? Palette.Ink : Palette.Wrong));
            x += Width(pair, size);
        }

        read.Add((mark, x, target == decoded ? Palette.Ink : Palette.Wrong));
        DrawRow(sheet, "target ", Target, there, size);
        DrawRow(sheet, "read ", Read, read, size);
    }

    private static void DrawRow(Sheet sheet, string label, float y, IReadOnlyList<(string Text, float X, SKColor Colour)> texts, float size)
    {
        sheet.Text(label, Margin, y, size, Palette.Quiet);
        float left = Margin + LabelWidth(size);
        foreach ((string text, float x, SKColor colour) in texts) sheet.Text(text, left + x, y, size, colour);
    }

    private static float Fit(Sheet sheet, float width) =>
        Math.Clamp(Largest * (sheet.Width - (2 * Margin)) / (LabelWidth(Largest) + width), Smallest, Largest);

    private static float Width(ReadPair pair, float size) =>
        Math.Max(Sheet.Measure(pair.ShownReference, size), Sheet.Measure(pair.ShownHypothesis, size));

    private static float LabelWidth(float size) => Sheet.Measure("target ", size);

    /// <summary>A text, or a sign for none.</summary>
    internal static string Visible(string text) => text.Length == 0 ? "∅" : text;
}
