using Ctc.Configuration.Identity;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>The lines of all manifests. No image is in two sets, nor a copy of it.</summary>
/// <param name="Train">The training lines.</param>
/// <param name="Dev">The lines by which the best epoch is chosen.</param>
/// <param name="Test">The lines for the measurement.</param>
internal sealed record ManifestSets(IReadOnlyList<ManifestLine> Train, IReadOnlyList<ManifestLine> Dev, IReadOnlyList<ManifestLine> Test)
{
    private const int OneDevLineIn = 10;

    /// <summary>Gets the lines of all sets.</summary>
    public IEnumerable<ManifestLine> All => Train.Concat(Dev).Concat(Test);

    /// <summary>Loads the manifests, and draws a dev set if none is given.</summary>
    /// <exception cref="InvalidDataException">A manifest is not as it should be, or two share an image.</exception>
    public static ManifestSets Load(ManifestOptions options, SymbolText symbols) =>
        ParsedOnce.Find(options, [options.Train, options.Dev, options.Test, options.Symbols], () => Create(options, symbols));

    private static ManifestSets Create(ManifestOptions options, SymbolText symbols)
    {
        IReadOnlyList<ManifestLine> train = ManifestFile.Load(options.Train, symbols), test = ManifestFile.Load(options.Test, symbols);
        ManifestSets sets = options.Dev is null ? Draw(options, train, test) : new ManifestSets(train, ManifestFile.Load(options.Dev, symbols), test);
        sets.RefuseSharedImages();
        return sets;
    }

    /// <summary>Sets one line in ten apart, and at least one. Both sets keep the order of the manifest.</summary>
    /// <remarks>Lines with one image stay together, so that no copy of a dev image is trained on: in training if they are too many for dev.</remarks>
    private static ManifestSets Draw(ManifestOptions options, IReadOnlyList<ManifestLine> train, IReadOnlyList<ManifestLine> test)
    {
        if (train.Count < 2)
        {
            throw new InvalidDataException(
                $"{options.Train} has 1 line; expected at least 2, to put one aside for dev, or a manifest of its own for dev.");
        }

        int[] order = [.. Enumerable.Range(0, train.Count)];
        SplitMix64.At(options.Seed).Shuffle<int>(order);
        Dictionary<int, int[]> copies = Copies(train).SelectMany(same => same.Select(i => (i, same))).ToDictionary();
        int wanted = Math.Max(1, train.Count / OneDevLineIn);
        HashSet<int> aside = [];
        foreach (int i in order.Where(i => !aside.Contains(i)))
        {
            int[] same = copies.GetValueOrDefault(i, [i]);
            if (aside.Count + same.Length <= wanted) aside.UnionWith(same);
        }

        if (aside.Count == 0) aside.UnionWith(order.Select(i => copies.GetValueOrDefault(i, [i])).MinBy(same => same.Length)!);
        if (aside.Count == train.Count)
        {
            throw new InvalidDataException(
                $"{options.Train}: all {train.Count} lines have the same image; expected another one, to put aside for dev, " +
                "or a manifest of its own for dev.");
        }

        return new ManifestSets([.. train.Where((_, i) => !aside.Contains(i))], [.. train.Where((_, i) => aside.Contains(i))], test);
    }

    // A copy under another name, or a link, is the same image: the model would be measured on what it learned from.
    private void RefuseSharedImages()
    {
        (ManifestLine Line, int Set)[] lines = [.. new[] { Train, Dev, Test }.SelectMany((set, number) => set.Select(line => (line, number)))];
        foreach (int[] same in Copies([.. lines.Select(pair => pair.Line)]))
        {
            ManifestLine first = lines[same[0]].Line;
            if (same.Where(i => lines[i].Set != lines[same[0]].Set).Select(i => lines[i].Line).FirstOrDefault() is not { } other) continue;
            string how = other.Image == first.Image ? $"is that of {first.Where} too" : $"has the content of {first.Image}, that of {first.Where}";
            throw new InvalidDataException($"{other.Where}: the image {other.Image} {how}; expected sets that share no image, nor a copy of one.");
        }
    }

    // The positions of lines with one content, two or more in each group. Files of different lengths are not read.
    private static IEnumerable<int[]> Copies(IReadOnlyList<ManifestLine> lines)
    {
        FileStamp[] stamps = [.. lines.Select(line => FileStamp.Read(line.Image))];
        return Enumerable.Range(0, lines.Count)
            .GroupBy(i => stamps[i].Length)
            .Where(images => images.Key > 0 && images.Count() > 1)
            .SelectMany(images => images.GroupBy(i => FileDigest.Compute(lines[i].Image, stamps[i])))
            .Where(same => same.Count() > 1)
            .Select(same => same.ToArray());
    }
}
