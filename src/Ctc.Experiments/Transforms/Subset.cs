using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Transforms;

/// <summary>The size of the subset: a number of utterances, or a share of them.</summary>
public sealed record SubsetOptions : IValidatableObject
{
    /// <summary>Gets the number of training utterances to keep.</summary>
    /// <value>1 or more; by default the number follows from <see cref="Share"/>.</value>
    [Range(1, int.MaxValue)]
    public int? Utterances { get; init; }

    /// <summary>Gets the share of the training utterances to keep, rounded to a number of at least 1.</summary>
    /// <value>0 to 1; by default all are kept, unless <see cref="Utterances"/> is given.</value>
    [Range(0.0, 1.0)]
    public double? Share { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Utterances is not null && Share is not null)
        {
            yield return new ValidationResult("expected it, or utterances, but not both", [nameof(Share)]);
        }
    }
}

/// <summary>Keeps a random subset of the training utterances, in their order, for learning curves.</summary>
/// <remarks>The choice is a function of the seed and the utterances' ids: a smaller subset is a subset of a larger one.</remarks>
[Part("subset", typeof(SubsetOptions), Summary = "Keeps a random subset of the training utterances, by number or by share.")]
internal sealed class Subset(SubsetOptions options) : IDataTransform
{
    /// <inheritdoc/>
    public Dataset Transform(Dataset data, long seed)
    {
        IReadOnlyList<Utterance> all = data.Train;
        int wanted = options.Utterances ?? Math.Max(1, (int)Math.Round((options.Share ?? 1) * all.Count));
        if (wanted > all.Count)
        {
            throw new InvalidDataException(
                $"The transform subset keeps {wanted} training utterances, but there are {all.Count}; expected at most all.");
        }

        HashSet<int> kept =
        [
            .. Enumerable.Range(0, all.Count)
                .OrderBy(i => SplitMix64.For((ulong)seed, "subset", all[i].Id).Next())
                .ThenBy(i => i)
                .Take(wanted),
        ];
        return data.With([.. all.Where((_, i) => kept.Contains(i))]);
    }
}
