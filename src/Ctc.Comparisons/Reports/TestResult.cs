using System.Security.Cryptography;
using System.Text;
using Ctc.Experiments.Readings;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Reports;

/// <summary>The result of a run on its test set, prepared for comparison with other runs.</summary>
internal sealed class TestResult
{
    private readonly Lazy<ErrorRates> tokenErrors;
    private readonly Lazy<IReadOnlyList<Confusion>> confusions;

    private TestResult(Measurement measurement)
    {
        tokenErrors = new(() => measurement.TokenErrors);
        confusions = new(() => measurement.Confusions);
        Measurement = measurement;
        Utterances = [.. measurement.Utterances.Select(utterance => new ReadUtterance(utterance))];
        Digest = DigestOf(measurement.Utterances);
        Units = [.. measurement.Utterances
            .Select((utterance, at) => (Unit: utterance.Group is { } group ? $"group {group}" : $"utterance {at}", At: at))
            .GroupBy(pair => pair.Unit, pair => pair.At)
            .Select(unit => unit.ToArray())];
    }

    /// <summary>Gets the result as the run wrote it.</summary>
    public Measurement Measurement { get; }

    /// <summary>Gets each utterance, in the order of the set.</summary>
    public IReadOnlyList<ReadUtterance> Utterances { get; }

    /// <summary>Gets the id of the first utterance, which runs draw; null if there is none.</summary>
    public string? FirstId => Utterances.Count == 0 ? null : Utterances[0].Result.Id;

    /// <summary>Gets a name of the test set: the same for the same utterances, references and groups in the same order.</summary>
    public string Digest { get; }

    /// <summary>Gets the positions of the utterances of each unit: all of one group, or a single one without a group.</summary>
    public IReadOnlyList<int[]> Units { get; }

    /// <summary>Gets whether the data name groups.</summary>
    public bool HasGroups => Measurement.Utterances.Any(utterance => utterance.Group is not null);

    /// <summary>Gets the edits of tokens.</summary>
    public ErrorRates TokenErrors => tokenErrors.Value;

    /// <summary>Gets the symbols that were read as others.</summary>
    public IReadOnlyList<Confusion> Confusions => confusions.Value;

    /// <summary>Gets the edits of tokens in each group; none if the data name no groups.</summary>
    public IReadOnlyDictionary<string, ErrorRates> GroupErrors => Measurement.Utterances
        .Where(utterance => utterance.Group is not null)
        .GroupBy(utterance => utterance.Group!)
        .ToDictionary(group => group.Key, group => ErrorRates.Sum(group.Select(utterance => utterance.TokenEdits)));

    public static TestResult FromMeasurement(Measurement measurement) => new(measurement);

    private static string DigestOf(IReadOnlyList<UtteranceResult> utterances)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            digest.AppendData(BitConverter.GetBytes(bytes.Length));
            digest.AppendData(bytes);
        }

        foreach (UtteranceResult utterance in utterances)
        {
            Add(utterance.Id);
            Add($"{utterance.Reference.Count} {utterance.Group is not null}");
            foreach (string symbol in utterance.Reference) Add(symbol);
            Add(utterance.Group ?? "");
        }

        return Convert.ToHexString(digest.GetHashAndReset());
    }
}

/// <summary>An utterance of a test set, and which symbols of its reference were found.</summary>
/// <param name="Result">Its result.</param>
internal sealed record ReadUtterance(UtteranceResult Result)
{
    private readonly Lazy<EditCounts> characters = new(() => Result.CharacterEdits), words = new(() => Result.WordEdits);

    /// <summary>Gets, for each symbol of the reference, whether it was found.</summary>
    public IReadOnlyList<bool> Found { get; } = EditDistance.Kept<string>([.. Result.Reference], [.. Result.Hypothesis]);

    /// <summary>Gets the edits of the characters of the texts.</summary>
    public EditCounts Characters => characters.Value;

    /// <summary>Gets the edits of the words of the texts.</summary>
    public EditCounts Words => words.Value;
}
