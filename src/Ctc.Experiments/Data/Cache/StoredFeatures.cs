namespace Ctc.Experiments.Data.Cache;

/// <summary>The features of one input, which are read from a pack, or computed, each time that they are needed.</summary>
internal sealed class StoredFeatures
{
    private readonly FeatureCache cache;
    private readonly FeaturePack? pack;
    private readonly PackEntry entry;
    private Func<int, float[]>? compute;
    private int input;

    /// <param name="cache">Told of damage.</param>
    /// <param name="pack">The pack; null if the features are not kept.</param>
    /// <param name="entry">Their place in it, or their number alone.</param>
    public StoredFeatures(FeatureCache cache, FeaturePack? pack, PackEntry entry) => (this.cache, this.pack, this.entry) = (cache, pack, entry);

    /// <summary>Gets the number of features.</summary>
    public int Count => entry.Count;

    /// <summary>The same features, of an input from which they can be computed.</summary>
    public StoredFeatures ComputedBy(Func<int, float[]> source, int position) => new(cache, pack, entry) { compute = source, input = position };

    /// <summary>Copies the features.</summary>
    /// <param name="features">Room for exactly <see cref="Count"/> numbers.</param>
    /// <exception cref="InvalidDataException">They are damaged or not kept, and the input is not the one of the start any more.</exception>
    public void Read(Span<float> features)
    {
        if (pack is not null)
        {
            if (pack.Read(entry, features)) return;
            cache.Discard(pack);
        }

        float[] computed = cache.Compute(compute!, input);
        if (computed.Length != features.Length)
        {
            throw new InvalidDataException(
                $"An input has {computed.Length} features now, and {features.Length} at the start; expected no change of files during a run.");
        }

        computed.CopyTo(features);
    }
}
