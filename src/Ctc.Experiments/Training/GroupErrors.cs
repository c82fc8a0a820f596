using Ctc.Experiments.Readings;

namespace Ctc.Experiments.Training;

/// <summary>The edits in the utterances of one group, such as a speaker or a writer.</summary>
/// <param name="Utterances">Their number.</param>
/// <param name="TokenErrors">The edits of tokens.</param>
/// <param name="CharacterErrors">The edits of the characters of the texts.</param>
/// <param name="WordErrors">The edits of the words of the texts.</param>
public sealed record GroupErrors(int Utterances, ErrorRates TokenErrors, ErrorRates CharacterErrors, ErrorRates WordErrors)
{
    /// <summary>Measures each group.</summary>
    /// <param name="utterances">Utterances; those without a group are left out.</param>
    /// <returns>By the names of the groups, in ordinal order; null if there are none.</returns>
    public static IReadOnlyDictionary<string, GroupErrors>? Measure(IEnumerable<UtteranceResult> utterances)
    {
        var groups = new SortedDictionary<string, GroupErrors>(StringComparer.Ordinal);
        foreach (IGrouping<string?, UtteranceResult> group in utterances.GroupBy(utterance => utterance.Group))
        {
            if (group.Key is null) continue;
            groups.Add(group.Key, new GroupErrors(
                group.Count(),
                ErrorRates.Sum(group.Select(utterance => utterance.TokenEdits)),
                ErrorRates.Sum(group.Select(utterance => utterance.CharacterEdits)),
                ErrorRates.Sum(group.Select(utterance => utterance.WordEdits))));
        }

        return groups.Count == 0 ? null : groups;
    }
}
