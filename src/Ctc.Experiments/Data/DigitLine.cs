namespace Ctc.Experiments.Data;

/// <summary>Joins digits into a line, as a scanner would see it: uneven gaps and heights, pale or dark ink, noise.</summary>
internal static class DigitLine
{
    /// <summary>Draws one line.</summary>
    /// <param name="id">The utterance's name.</param>
    /// <param name="digits">What to draw from, with replacement. Not empty.</param>
    /// <param name="options">How lines look.</param>
    /// <param name="random">Used for this line alone.</param>
    /// <returns>One frame a column, from the left; in it one number a row, from the top: 0 is paper, 1 is ink.</returns>
    public static Utterance Draw(string id, IReadOnlyList<Digit> digits, DigitLinesOptions options, SplitMix64 random)
    {
        int height = options.Height;
        var written = new Digit[random.Between(options.MinDigits, options.MaxDigits)];
        var spans = new FrameSpan[written.Length];
        int[] tops = new int[written.Length];
        int frames = 1 + random.Between(0, options.MaxGap);
        for (int u = 0; u < written.Length; u++)
        {
            written[u] = digits[random.Below(digits.Count)];
            tops[u] = random.Between(0, height - Digit.Size);
            spans[u] = new FrameSpan(frames, frames + written[u].Width);
            frames = spans[u].End + random.Between(0, options.MaxGap);
        }

        frames++; // With the one in front, a column of paper: where nothing is written there is still a line.
        float[] features = new float[frames * height];
        for (int u = 0; u < written.Length; u++)
        {
            ReadOnlySpan<float> ink = written[u].Ink;
            for (int column = 0; column < written[u].Width; column++)
            {
                ink.Slice(column * Digit.Size, Digit.Size).CopyTo(features.AsSpan((spans[u].Start + column) * height + tops[u]));
            }
        }

        Scan(features, options, random);
        return new Utterance(id, features, frames, [.. written.Select(digit => digit.Label + 1L)]) { Spans = spans };
    }

    /// <summary>The grey that a scanner reports, in steps of 1/255 so that an image file holds it exactly.</summary>
    private static void Scan(Span<float> features, DigitLinesOptions options, SplitMix64 random)
    {
        double darkest = options.MinInk + (1 - options.MinInk) * random.Unit();
        foreach (ref float feature in features)
        {
            double grey = darkest * feature + options.Noise * random.Normal();
            feature = (float)Math.Round(255 * Math.Clamp(grey, 0, 1)) / 255f;
        }
    }
}
