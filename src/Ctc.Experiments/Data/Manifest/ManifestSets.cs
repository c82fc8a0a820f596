using Ctc.Experiments.Randomness;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>The lines of all manifests. No image is in two sets.</summary>
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
    public static ManifestSets Load(ManifestOptions options)
    {
        IReadOnlyList<ManifestLine> train = ManifestFile.Load(options.Train), test = ManifestFile.Load(options.Test);
        ManifestSets sets = options.Dev is null ? Draw(options, train, test) : new ManifestSets(train, ManifestFile.Load(options.Dev), test);
        sets.RefuseSharedImages();
        return sets;
    }

    /// <summary>Sets one line in ten apart, and at least one. Both sets keep the order of the manifest.</summary>
    private static ManifestSets Draw(ManifestOptions options, IReadOnlyList<ManifestLine> train, IReadOnlyList<ManifestLine> test)
    {
        if (train.Count < 2)
        {
            throw new InvalidDataException(
                $"{options.Train} has 1 line; expected at least 2, to put one aside for dev, or a manifest of its own for dev.");
        }
        int[] order = [.. Enumerable.Range(0, train.Count)];
        SplitMix64.At(options.Seed).Shuffle<int>(order);
        HashSet<int> aside = [.. order.Take(Math.Max(1, train.Count / OneDevLineIn))];
        return new ManifestSets([.. train.Where((_, i) => !aside.Contains(i))], [.. train.Where((_, i) => aside.Contains(i))], test);
    }

    private void RefuseSharedImages()
    {
        var owners = new Dictionary<string, (ManifestLine Line, int Set)>();
        foreach ((IReadOnlyList<ManifestLine> set, int number) in new[] { Train, Dev, Test }.Select((set, number) => (set, number)))
        {
            foreach (ManifestLine line in set)
            {
                if (owners.TryAdd(line.Image, (line, number)) || owners[line.Image].Set == number) continue;
                throw new InvalidDataException(
                    $"{line.Where}: the image {line.Image} is that of {owners[line.Image].Line.Where} too; expected sets that share no image.");
            }
        }
    }
}
