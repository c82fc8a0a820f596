using SkiaSharp;

namespace Ctc.Experiments.Pictures;

/// <summary>The features: one column a frame, the first feature on top, the smallest white and the largest black.</summary>
internal sealed class InputPanel(AlignmentDrawing drawing, float frame)
    : Panel("the input", Math.Clamp(FeatureSize(drawing) * frame / (float)drawing.Stride, 40, 170))
{
    /// <inheritdoc/>
    public override void Draw(Sheet sheet, float y)
    {
        Utterance utterance = drawing.Utterance;
        int size = FeatureSize(drawing);
        float[] features = utterance.ReadFeatures();
        float[] finite = [.. features.Where(float.IsFinite)];
        float smallest = Math.Min(0, finite.DefaultIfEmpty().Min()), largest = Math.Max(1, finite.DefaultIfEmpty().Max());

        // If the model joins frames, its last frame may extend past the end of the input.
        (float left, float right) = sheet.Time.Edges(0, utterance.Frames / drawing.Stride);
        var area = new SKRect(left, y, right, y + Height);
        float Darkness(int t, int row) => (features[t * size + row] - smallest) / (largest - smallest);
        int FrameAt(int column) => sheet.Time.FrameAt(column, utterance.Frames);
        sheet.Cells(area, utterance.Frames, size, (column, row) => Palette.At(Palette.Greys, Darkness(FrameAt(column), row)));
        sheet.Outline(area, Palette.Faint);
    }

    private static int FeatureSize(AlignmentDrawing drawing) =>
        drawing.Utterance.Frames == 0 ? 1 : drawing.Utterance.FeatureCount / drawing.Utterance.Frames;
}
