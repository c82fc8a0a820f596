namespace Ctc.Experiments.Data.Manifest;

/// <summary>The lines of all manifests. No image is in two sets, nor a copy of it.</summary>
/// <param name="Train">The training lines.</param>
/// <param name="Dev">The lines by which the best epoch is chosen.</param>
/// <param name="Test">The lines for the measurement.</param>
internal sealed record ManifestSets(IReadOnlyList<ManifestLine> Train, IReadOnlyList<ManifestLine> Dev, IReadOnlyList<ManifestLine> Test)
{
    /// <summary>Gets the lines of all sets.</summary>
    public IEnumerable<ManifestLine> All => Train.Concat(Dev).Concat(Test);

    /// <summary>Loads the lines, and draws a dev and a test set if none is given.</summary>
    /// <exception cref="InvalidDataException">A manifest is not as it should be, or two share an image.</exception>
    public static ManifestSets Load(ManifestOptions options, SymbolText symbols) =>
        ParsedOnce.Find(options, [options.Train, options.Dev, options.Test, symbols.File], () => Create(options, symbols));

    private static ManifestSets Create(ManifestOptions options, SymbolText symbols)
    {
        if (options.Root is { } root && !Directory.Exists(root)) throw new InvalidDataException($"root is {root}, a file; expected a folder.");
        IReadOnlyList<ManifestLine> train = Lines(options.Train), dev = Lines(options.Dev), test = Lines(options.Test);
        RefuseSharedImages(train, dev, test);
        if (options.Test is null) (train, test) = SetApart.Draw(train, "test", options, SplitMix64.At(options.Seed, 1));
        if (options.Dev is null) (train, dev) = SetApart.Draw(train, "dev", options, SplitMix64.At(options.Seed));
        return new ManifestSets(train, dev, test);

        IReadOnlyList<ManifestLine> Lines(string? file) => file is null ? [] : ManifestFile.Load(file, symbols, options.Root);
    }

    // A copy under another name, or a link, is the same image: the model would be measured on what it learned from. So is another line of a page.
    private static void RefuseSharedImages(params IReadOnlyList<ManifestLine>[] sets)
    {
        (ManifestLine Line, int Set)[] lines = [.. sets.SelectMany((set, number) => set.Select(line => (line, number)))];
        foreach (int[] same in SetApart.Copies([.. lines.Select(pair => pair.Line)], _ => ""))
        {
            ManifestLine first = lines[same[0]].Line;
            if (same.Where(i => lines[i].Set != lines[same[0]].Set).Select(i => lines[i].Line).FirstOrDefault() is not { } other) continue;
            string how = other.Image == first.Image ? $"is that of {first.Where} too" : $"has the content of {first.Image}, that of {first.Where}";
            throw new InvalidDataException($"{other.Where}: the image {other.Image} {how}; expected sets that share no image, nor a copy of one.");
        }
    }
}
