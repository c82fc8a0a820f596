namespace Ctc.Cli.Commands.Show;

/// <summary>Features as characters: one column a frame, the first feature on top, the smallest number blank and the largest dark.</summary>
internal static class FeatureText
{
    private const string Shades = " ░▒▓█";
    private const int MostColumns = 100, MostRows = 24;

    /// <summary>Draws features. Neighbours share a character where there are too many: their mean.</summary>
    /// <returns>A line for each feature, of at most 100 characters; at most 24 lines.</returns>
    public static IEnumerable<string> Draw(Features features)
    {
        int across = Joined(features.Frames, MostColumns), down = Joined(features.Size, MostRows);
        float[] finite = [.. features.Values.Where(float.IsFinite)];
        float smallest = Math.Min(0, finite.DefaultIfEmpty().Min()), largest = Math.Max(1, finite.DefaultIfEmpty().Max());
        for (int row = 0; row < features.Size; row += down)
        {
            char[] line = [.. Enumerable.Range(0, (features.Frames + across - 1) / across).Select(column => Shade(row, column * across))];
            yield return new string(line).TrimEnd();
        }

        char Shade(int row, int frame)
        {
            double mean = (
                from t in Enumerable.Range(frame, Math.Min(across, features.Frames - frame))
                from r in Enumerable.Range(row, Math.Min(down, features.Size - row))
                select (double)features[t, r]).Average();
            double share = (mean - smallest) / (largest - smallest);
            return double.IsFinite(share) ? Shades[Math.Clamp((int)Math.Round(share * (Shades.Length - 1)), 0, Shades.Length - 1)] : '?';
        }
    }

    private static int Joined(int length, int most) => Math.Max(1, (length + most - 1) / most);
}
