
namespace Ctc.Experiments.Data.Common;

/// <summary>Joins images of symbols into a line, as a scanner would see it: uneven gaps and heights, pale or dark ink, noise.</summary>
/// <param name="look">Gaps, ink and noise.</param>
/// <param name="height">The rows of a line.</param>
/// <param name="shortest">The symbols of the shortest line.</param>
/// <param name="longest">The symbols of the longest line; every length up to it is equally likely.</param>
internal sealed class LineDrawing(LineSetOptions look, int height, int shortest, int longest)
{
    /// <summary>Draws one line.</summary>
    /// <param name="id">The utterance's name.</param>
    /// <param name="next">Chooses the next symbol's image, no taller than the line.</param>
    /// <param name="random">Used only for this line.</param>
    /// <returns>One frame a column, from the left; in it one number a row, from the top: 0 is paper, 1 is ink.</returns>
    public Utterance Draw(string id, Func<SplitMix64, Glyph> next, SplitMix64 random)
    {
        var written = new Glyph[random.Between(shortest, longest)];
        var spans = new FrameSpan[written.Length];
        int[] tops = new int[written.Length];
        int frames = 1 + random.Between(0, look.MaxGap);
        for (int u = 0; u < written.Length; u++)
        {
            written[u] = next(random);
            tops[u] = random.Between(0, height - written[u].Rows);
            spans[u] = new FrameSpan(frames, frames + written[u].Width);
            frames = spans[u].End + random.Between(0, look.MaxGap);
        }

        frames++; // Paper before and after, so that a line without symbols has frames too.
        float[] features = new float[frames * height];
        for (int u = 0; u < written.Length; u++)
        {
            int rows = written[u].Rows;
            for (int column = 0; column < written[u].Width; column++)
            {
                written[u].Ink.AsSpan(column * rows, rows).CopyTo(features.AsSpan((spans[u].Start + column) * height + tops[u]));
            }
        }

        look.Scan(features, random);
        return new Utterance(id, features, frames, [.. written.Select(glyph => glyph.Token)]) { Spans = [.. spans] };
    }
}
