namespace Ctc.Experiments.Readings;

/// <summary>The edits of several utterances together, with their rates.</summary>
/// <param name="Length">The number of elements of the references.</param>
/// <param name="Substitutions">Elements that were read as another one.</param>
/// <param name="Deletions">Elements that were not read.</param>
/// <param name="Insertions">Elements that were read and are not there.</param>
public sealed record ErrorRates(int Length, int Substitutions, int Deletions, int Insertions)
{
    /// <summary>Gets the number of edits.</summary>
    public int Errors => Substitutions + Deletions + Insertions;

    /// <summary>Gets the error rate: edits over the length. Without references it is the number of edits, all insertions.</summary>
    public double Rate => Share(Errors);

    /// <summary>Gets the share of the references that was read as another element.</summary>
    public double SubstitutionRate => Share(Substitutions);

    /// <summary>Gets the share of the references that was not read.</summary>
    public double DeletionRate => Share(Deletions);

    /// <summary>Gets the insertions over the length.</summary>
    public double InsertionRate => Share(Insertions);

    /// <summary>Adds the edits of utterances.</summary>
    /// <param name="utterances">The counts of each.</param>
    public static ErrorRates Sum(IEnumerable<EditCounts> utterances)
    {
        EditCounts sum = utterances.Aggregate(default(EditCounts), (sum, counts) => sum + counts);
        return new ErrorRates(sum.Length, sum.Substitutions, sum.Deletions, sum.Insertions);
    }

    private double Share(int edits) => (double)edits / Math.Max(1, Length);
}
