using System.Globalization;
using SkiaSharp;

namespace Ctc.Experiments.Pictures;

/// <summary>The likeliest token of each frame, and below it the hypotheses of the decoder: the path of each, its score and its text.</summary>
internal sealed class HypothesisPanel(AlignmentDrawing drawing)
    : Panel("the likeliest tokens, and what the decoder reads", Strip.Height + drawing.Hypotheses.Sum(hypothesis => HeightOf(drawing, hypothesis)))
{
    private const float TextHeight = 14;

    /// <inheritdoc/>
    public override void Draw(Sheet sheet, float y)
    {
        Strip.Draw(sheet, y, "likeliest", StripPanel.Boxes(drawing, drawing.FindLikeliest()));
        y += Strip.Height;
        for (int i = 0; i < drawing.Hypotheses.Count; i++)
        {
            Hypothesis hypothesis = drawing.Hypotheses[i];
            if (drawing.FindPath(hypothesis) is { } path)
            {
                Strip.Draw(sheet, y, $"{i + 1}", StripPanel.Boxes(drawing, path));
            }
            else
            {
                sheet.Label($"{i + 1}", sheet.Time.Left - 8, y + (TextHeight / 2), 10.5f, Palette.Ink, SKTextAlign.Right);
            }

            y += HeightOf(drawing, hypothesis);
            string score = hypothesis.Score.ToString("f4", CultureInfo.InvariantCulture);
            float end = sheet.Text($"{score}   ", sheet.Time.Left, y - 4, 10, Palette.Quiet);
            sheet.Text(Title.Visible(drawing.Format(hypothesis.Tokens)), end, y - 4, 10, Palette.Ink);
        }
    }

    private static float HeightOf(AlignmentDrawing drawing, Hypothesis hypothesis) =>
        drawing.FindPath(hypothesis) is null ? TextHeight : Strip.Height + TextHeight;
}
