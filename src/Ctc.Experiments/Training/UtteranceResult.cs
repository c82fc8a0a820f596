using System.Text.Json.Serialization;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Readings;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Training;

/// <summary>The result of one utterance.</summary>
/// <param name="Id">Its name in the data set.</param>
/// <param name="Reference">The symbols of the target.</param>
/// <param name="Hypothesis">The decoded symbols.</param>
/// <param name="Errors">The fewest edits between the two.</param>
/// <param name="Tokens">The length of the reference.</param>
/// <param name="Loss">−ln p(reference) in nats under the model and the topology alone; null if the reference has no alignment.</param>
public sealed record UtteranceResult(
    string Id,
    IReadOnlyList<string> Reference,
    IReadOnlyList<string> Hypothesis,
    int Errors,
    int Tokens,
    double? Loss)
{
    /// <summary>Gets the group of the utterance, such as a speaker or a writer; null if the data names none.</summary>
    public string? Group { get; init; }

    /// <summary>Gets the text of the target, in the order of reading.</summary>
    /// <value>By default the symbols of the target in their order.</value>
    public string ReferenceText
    {
        get => field ?? WrittenText.FromJoined(string.Concat(Reference));
        init;
    }

    /// <summary>Gets the decoded text, in the order of reading.</summary>
    /// <value>By default the decoded symbols in their order.</value>
    public string HypothesisText
    {
        get => field ?? WrittenText.FromJoined(string.Concat(Hypothesis));
        init;
    }

    /// <summary>Describes the line and its reading in one sentence, both texts in the order of reading.</summary>
    public string Describe()
    {
        string read = Errors == 0 ? "read rightly" : $"read as '{HypothesisText}', {Errors} {(Errors == 1 ? "error" : "errors")}";
        return Printable.Line($"{Id}: '{ReferenceText}' {read}");
    }

    /// <summary>Aligns what is there with what was read, in the order of reading.</summary>
    public IReadOnlyList<ReadPair> AlignAsRead() => ReadPair.Align(Read(Reference, ReferenceText), Read(Hypothesis, HypothesisText));

    /// <summary>Aligns what is there with what was read, from left to right as both are displayed.</summary>
    public IReadOnlyList<ReadPair> AlignAsDisplayed() =>
        ReadPair.Align(Displayed(Reference, ReferenceText), Displayed(Hypothesis, HypothesisText));

    /// <summary>Gets the edits of tokens.</summary>
    public EditCounts TokenEdits => EditCounts.Count(Reference, Hypothesis);

    /// <summary>Gets the edits of the characters of the texts.</summary>
    public EditCounts CharacterEdits =>
        EditCounts.Count(UnicodeText.SplitCharacters(ReferenceText), UnicodeText.SplitCharacters(HypothesisText));

    /// <summary>Gets the edits of the words of the texts.</summary>
    public EditCounts WordEdits => EditCounts.Count(WrittenText.SplitWords(ReferenceText), WrittenText.SplitWords(HypothesisText));

    /// <summary>
    /// Gets the probability that the model gives to the decoded tokens: the sum over all their alignments under the topology. It is that of a line
    /// without any error.
    /// </summary>
    /// <value>From 0 to 1; null if it was not measured.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Confidence { get; init; }

    /// <summary>Gets, for each decoded token, its largest posterior in its frames on the path of the decoder.</summary>
    /// <value>From 0 to 1; null if it was not measured, and if the decoder gives no path.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? TokenConfidences { get; init; }

    /// <summary>Gets the contributions to the metrics that the experiment names, by key.</summary>
    /// <value>Null if they are the default ones.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, MetricRatio>? Metrics { get; init; }

    /// <summary>
    /// Gets the boundary errors, found minus true, start and end of each token in turn, in the unit of the set's; null if the truth is not known or
    /// the best alignment does not determine them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? BoundaryErrors { get; init; }

    // Symbols are in the order of reading or in that of display: of the first, the text is their succession, perhaps with spaces between them.
    private static bool IsAsRead(IReadOnlyList<string> symbols, string text) =>
        !WritingDirection.IsRightToLeft(text) || WithoutSpaces(WrittenText.FromJoined(string.Concat(symbols))) == WithoutSpaces(text);

    private static string WithoutSpaces(string text) => text.Replace(" ", "", StringComparison.Ordinal);

    private static IReadOnlyList<string> Read(IReadOnlyList<string> symbols, string text) =>
        IsAsRead(symbols, text) ? symbols : DisplayOrder.ToLogical(symbols);

    private static IReadOnlyList<string> Displayed(IReadOnlyList<string> symbols, string text) =>
        IsAsRead(symbols, text) && WritingDirection.IsRightToLeft(text) ? DisplayOrder.FromLogical(symbols) : symbols;
}
