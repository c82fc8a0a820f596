using System.Text.Json.Serialization;

namespace Ctc.Experiments.Readings;

/// <summary>The fewest edits from what is there to what was read, by their kinds.</summary>
/// <param name="Length">The number of elements of the reference: tokens, characters or words.</param>
/// <param name="Substitutions">Elements that were read as another one.</param>
/// <param name="Deletions">Elements that were not read.</param>
/// <param name="Insertions">Elements that were read and are not there.</param>
/// <remarks>
/// The sum of the three is the edit distance; where several shortest alignments divide it differently, they are those of
/// <see cref="EditDistance.Align"/>.
/// </remarks>
public readonly record struct EditCounts(int Length, int Substitutions, int Deletions, int Insertions)
{
    /// <summary>Gets the number of edits.</summary>
    [JsonIgnore]
    public int Errors => Substitutions + Deletions + Insertions;

    /// <summary>Adds counts.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    public static EditCounts operator +(EditCounts left, EditCounts right) => new(
        left.Length + right.Length,
        left.Substitutions + right.Substitutions,
        left.Deletions + right.Deletions,
        left.Insertions + right.Insertions);

    /// <summary>Counts the edits between two sequences.</summary>
    /// <param name="reference">The elements that are there.</param>
    /// <param name="hypothesis">The elements that were read.</param>
    public static EditCounts Count(IReadOnlyList<string> reference, IReadOnlyList<string> hypothesis)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ReadPair[] wrong = [.. ReadPair.Align(reference, hypothesis).Where(pair => !pair.IsRight)];
        int deleted = wrong.Count(pair => pair.Hypothesis is null), inserted = wrong.Count(pair => pair.Reference is null);
        return new EditCounts(reference.Count, wrong.Length - deleted - inserted, deleted, inserted);
    }
}
