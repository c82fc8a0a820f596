namespace Ctc.Cli.Commands.Show;

/// <summary>Features as characters: one column a frame, the first feature on top, the smallest number blank and the largest dark.</summary>
internal sealed class FeatureText
{
    private const int MostColumns = 100, MostRows = 24;

    private readonly Features features;
    private readonly float smallest, largest;

    /// <param name="features">Their smallest and largest number make the scale.</param>
    public FeatureText(Features features)
    {
        this.features = features;
        float[] finite = [.. features.Values.Where(float.IsFinite)];
        (smallest, largest) = (Math.Min(0, finite.DefaultIfEmpty().Min()), Math.Max(1, finite.DefaultIfEmpty().Max()));
    }

    /// <summary>Draws features. Neighbours share a character where there are too many: their mean.</summary>
    /// <returns>A line for each feature, of at most 100 characters; at most 24 lines.</returns>
    public static IEnumerable<string> Draw(Features features) =>
        new FeatureText(features).Draw(0, features.Frames, Joined(features.Frames, MostColumns), MostRows);

    /// <summary>Draws some frames.</summary>
    /// <param name="start">The first.</param>
    /// <param name="end">The frame after the last; those after the end of the features are blank.</param>
    /// <param name="across">The frames that share a column.</param>
    /// <param name="mostRows">The lines at most.</param>
    /// <param name="width">The characters of a column.</param>
    public IEnumerable<string> Draw(int start, int end, int across, int mostRows, int width = 1)
    {
        int down = Joined(features.Size, mostRows);
        for (int row = 0; row < features.Size; row += down)
        {
            IEnumerable<string> columns = Enumerable.Range(0, (end - start + across - 1) / across)
                .Select(column => new string(Shade(row, start + (column * across), down, across), width));
            yield return string.Concat(columns).TrimEnd();
        }
    }

    private char Shade(int row, int frame, int down, int across)
    {
        double mean = (
            from t in Enumerable.Range(frame, Math.Clamp(features.Frames - frame, 0, across))
            from r in Enumerable.Range(row, Math.Min(down, features.Size - row))
            select (double)features[t, r]).DefaultIfEmpty(smallest).Average();
        return Shades.Of((mean - smallest) / (largest - smallest));
    }

    private static int Joined(int length, int most) => Math.Max(1, (length + most - 1) / most);
}
