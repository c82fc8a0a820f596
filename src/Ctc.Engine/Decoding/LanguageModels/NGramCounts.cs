namespace Ctc.Engine.Decoding.LanguageModels;

/// <summary>The n-grams of one order in a text, with the counts of Kneser and Ney.</summary>
/// <remarks>
/// The count of an n-gram is how often it occurs if it has the highest order or begins with the start of a sentence, and otherwise the number of
/// different units that occur before it.
/// </remarks>
internal sealed class NGramCounts
{
    private readonly Dictionary<ulong, int> places = [];

    /// <summary>Gets the place of each n-gram without its last unit, among those that are shorter by one.</summary>
    public List<int> Parents { get; } = [];

    /// <summary>Gets the last unit of each n-gram.</summary>
    public List<int> Units { get; } = [];

    /// <summary>Gets the place of each n-gram without its first unit, among those that are shorter by one.</summary>
    public List<int> Suffixes { get; } = [];

    /// <summary>Gets the count of each n-gram.</summary>
    public List<long> Counts { get; } = [];

    /// <summary>Finds an n-gram, or adds it with the count 0.</summary>
    /// <param name="parent">The place of the n-gram without its last unit.</param>
    /// <param name="unit">Its last unit.</param>
    /// <param name="suffix">The place of the n-gram without its first unit.</param>
    /// <param name="isNew">Whether it was added.</param>
    /// <returns>Its place.</returns>
    public int Place(int parent, int unit, int suffix, out bool isNew)
    {
        isNew = places.TryAdd(((ulong)parent << 32) | (uint)unit, Units.Count);
        if (!isNew) return places[((ulong)parent << 32) | (uint)unit];
        Parents.Add(parent);
        Units.Add(unit);
        Suffixes.Add(suffix);
        Counts.Add(0);
        return Units.Count - 1;
    }

    /// <summary>The discount of Ney, Essen and Kneser: n₁ / (n₁ + 2 n₂), where n_c n-grams have the count c; ½ if one of the two is 0.</summary>
    public double Discount()
    {
        long once = Counts.Count(count => count == 1), twice = Counts.Count(count => count == 2);
        return once == 0 || twice == 0 ? 0.5 : once / (once + (2.0 * twice));
    }
}
